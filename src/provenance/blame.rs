//! Who changed which line last, as git tells it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use super::date::day;
use crate::git::{self, PATIENCE};

/// How long all questions about lines may take together.
const ALTOGETHER: Duration = Duration::from_secs(60);

/// The repository around a workspace, at its current commit.
#[derive(Debug)]
pub(crate) struct Repository {
    git: git::Repository,
    /// Hexadecimal, in full.
    pub(crate) commit: String,
    /// Git's own digest of all that was committed.
    pub(crate) tree: String,
}

/// Who changed a line last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// Hexadecimal, in full.
    pub(crate) commit: String,
    pub(crate) author: String,
    /// The day in UTC.
    pub(crate) date: String,
    /// The first line of what the commit says.
    pub(crate) summary: String,
}

/// When asking about lines must end.
pub(super) fn deadline() -> Instant {
    Instant::now() + ALTOGETHER
}

impl Repository {
    /// The repository that `root` lies in; in an error, why there is nothing to ask.
    pub(super) fn open(root: &Path) -> Result<Self, String> {
        let git = git::Repository::around(root).map_err(|error| error.to_string())?;
        let commit = git.commit("HEAD");
        let commit = commit.map_err(|_| "git knows no commit here".to_owned())?;
        Ok(Self {
            tree: git.tree_of(&commit).unwrap_or_default(),
            commit,
            git,
        })
    }

    /// For each of the one-based `lines` of a file as it is now, who changed it last. `path` is from the
    /// workspace's root.
    pub(super) fn blame(
        &self,
        path: &str,
        now: &str,
        lines: &[u32],
        deadline: Instant,
    ) -> Result<BTreeMap<u32, Result<Change, String>>, String> {
        let left = || {
            deadline
                .saturating_duration_since(Instant::now())
                .min(PATIENCE)
        };
        if left().is_zero() {
            return Err("git took too long".to_owned());
        }
        let blob = format!("{}:./{path}", self.commit);
        let Some(then) = self.git.ask(&["cat-file", "blob", &blob], left()) else {
            return Err("not committed yet".to_owned());
        };
        let mut told = BTreeMap::new();
        let mut asked: Vec<(u32, u32)> = Vec::new();
        for &line in lines {
            match earlier(&String::from_utf8_lossy(&then), now, line) {
                Some(before) => asked.push((line, before)),
                None => drop(told.insert(line, Err("changed since the last commit".to_owned()))),
            }
        }
        if asked.is_empty() {
            return Ok(told);
        }
        let mut arguments = vec!["blame", "--porcelain", "--no-textconv"];
        let ranges: Vec<String> = asked.iter().map(|(_, it)| format!("-L{it},{it}")).collect();
        arguments.extend(ranges.iter().map(String::as_str));
        arguments.extend([self.commit.as_str(), "--", path]);
        let answer = self.git.ask(&arguments, left()).ok_or("git does not say")?;
        let changes = changes(&String::from_utf8_lossy(&answer));
        for (line, before) in asked {
            if let Some(change) = changes.get(&before) {
                told.insert(line, Ok(change.clone()));
            }
        }
        Ok(told)
    }
}

/// The line that `line` of `now` was in `then`, both one-based; `None` if it is among those between the
/// first and the last that differ.
fn earlier(then: &str, now: &str, line: u32) -> Option<u32> {
    let then: Vec<&str> = then.trim_start_matches('\u{feff}').lines().collect();
    let now: Vec<&str> = now.lines().collect();
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let above = then.iter().zip(&now).take_while(same).count();
    let at = line as usize - 1;
    if at < above {
        return Some(line);
    }
    let left = (&then[above..], &now[above..]);
    let below = left
        .0
        .iter()
        .rev()
        .zip(left.1.iter().rev())
        .take_while(same)
        .count();
    let from_end = now.len().checked_sub(at).filter(|left| *left > 0)?;
    let before = (from_end <= below).then(|| then.len() - from_end + 1)?;
    u32::try_from(before).ok()
}

/// By line, what `blame --porcelain` says: a commit is described where it is named first.
fn changes(porcelain: &str) -> BTreeMap<u32, Change> {
    let mut commits: BTreeMap<&str, Change> = BTreeMap::new();
    let mut lines: Vec<(u32, &str)> = Vec::new();
    let mut current = "";
    for text in porcelain.lines() {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        if text.starts_with('\t') {
            current = "";
        } else if current.is_empty() {
            current = word;
            let line = rest.split(' ').nth(1).and_then(|line| line.parse().ok());
            lines.extend(line.map(|line| (line, word)));
            commits.entry(word).or_insert_with(|| Change {
                commit: word.to_owned(),
                author: String::new(),
                date: String::new(),
                summary: String::new(),
            });
        } else if let Some(change) = commits.get_mut(current) {
            match word {
                "author" => rest.clone_into(&mut change.author),
                "author-time" => change.date = rest.parse().map(day).unwrap_or_default(),
                "summary" => rest.clone_into(&mut change.summary),
                _ => {}
            }
        }
    }
    let change = |(line, commit): (u32, &str)| Some((line, commits.get(commit)?.clone()));
    lines.into_iter().filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_again_around_what_changed() {
        let (then, now) = ("a\nb\nc\nd\n", "a\nnew\nnewer\nc\nd\n");
        let lines: Vec<_> = (1..=6).map(|line| earlier(then, now, line)).collect();
        assert_eq!(lines, [Some(1), None, None, Some(3), Some(4), None]);
    }

    #[test]
    fn a_commit_described_once_is_known_for_all_its_lines() {
        let porcelain = "abc 1 3 1\nauthor A B\nauthor-time 951782400\nsummary all: first\n\
            filename x\n\tauthor of code\nabc 7 9 1\n\tmore\n";
        let found = changes(porcelain);
        assert_eq!(found[&3], found[&9]);
        assert_eq!(found[&9].author, "A B");
        assert_eq!(found[&9].date, "2000-02-29");
        assert_eq!(found[&9].summary, "all: first");
    }
}
