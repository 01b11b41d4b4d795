//! The report's page in a real browser: chromium, without a window.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::report::report;
use crate::support::root;

/// Set where there is no browser and that is known.
const WITHOUT: &str = "CONSTITUTION_WITHOUT_BROWSER";

/// What a page looks like once its scripts have run, and what they said on the console.
struct Seen {
    page: String,
    console: Vec<String>,
}

/// The browser; `None` where it is knowingly left out.
fn browser() -> Option<PathBuf> {
    if std::env::var_os(WITHOUT).is_some() {
        eprintln!("skipped: {WITHOUT} is set");
        return None;
    }
    let path = std::env::var_os("PATH").expect("there is a PATH");
    let found = std::env::split_paths(&path)
        .flat_map(|folder| ["chromium", "chromium-browser"].map(|name| folder.join(name)))
        .find(|program| program.is_file());
    let missing = format!(
        "no `chromium` on PATH: install it (Debian: apt-get install chromium), or set {WITHOUT}=1"
    );
    Some(found.unwrap_or_else(|| panic!("{missing}")))
}

fn open(browser: &Path, page: &Path) -> Seen {
    let profile = tempfile::tempdir().expect("a folder");
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
        ])
        .args([
            "--enable-logging=stderr",
            "--virtual-time-budget=5000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("the browser starts");
    let said = String::from_utf8_lossy(&output.stderr);
    let console = said.lines().filter(|line| line.contains("CONSOLE"));
    Seen {
        page: String::from_utf8_lossy(&output.stdout).into_owned(),
        console: console.map(str::to_owned).collect(),
    }
}

/// The report of the broken shop, in a folder of its own.
fn drawn() -> tempfile::TempDir {
    let out = tempfile::tempdir().expect("a folder");
    let manifest = root().join("fixtures/frozen/Cargo.toml");
    report(
        manifest.to_str().expect("a path of plain letters"),
        out.path(),
    );
    out
}

#[test]
fn the_page_loads_without_a_complaint() {
    let Some(browser) = browser() else { return };
    let out = drawn();
    let seen = open(&browser, &out.path().join("freeze-report.html"));
    assert!(seen.console.is_empty(), "{:?}", seen.console);
    let matters = seen.page.matches("<section class=\"matter").count();
    assert!(
        seen.page.contains(&format!("all {matters} shown")),
        "its own script ran: {}",
        seen.page
    );
}

/// Does what a reader does and writes down what comes of it.
const READER: &str = r##"<script>
addEventListener("load", () => {
  const notes = [];
  const visible = () => [...document.querySelectorAll("#matters tbody tr")].filter((row) => row.offsetParent).length;
  const choose = (name, value) => {
    const select = document.querySelector(`select[name=${name}]`);
    select.value = value;
    select.dispatchEvent(new Event("change"));
  };
  notes.push(`all ${visible()}`);
  choose("trigger", "4");
  notes.push(`trigger ${visible()}`);
  choose("trigger", "");
  choose("structure", "RUNTIME-TENANT-MANAGER");
  notes.push(`structure ${visible()}`);
  choose("level", "breach");
  choose("structure", "");
  notes.push(`level ${visible()}`);
  for (const arrow of document.querySelectorAll(".picture .breaking a, .matrix a")) {
    arrow.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    const target = document.querySelector(location.hash);
    notes.push(`arrow ${target && target.matches(".matter:target") ? "leads" : "is lost"}`);
  }
  const style = getComputedStyle(document.querySelector(".picture .breaking .line"));
  notes.push(`dashes ${style.strokeDasharray !== "none"}`);
  notes.push(`fits ${document.documentElement.scrollWidth <= innerWidth}`);
  const pre = document.createElement("pre");
  pre.id = "notes";
  pre.textContent = notes.join(";");
  document.body.append(pre);
});
</script></body>"##;

#[test]
fn filters_narrow_the_table_and_every_arrow_leads_to_its_evidence() {
    let Some(browser) = browser() else { return };
    let out = drawn();
    let page =
        std::fs::read_to_string(out.path().join("freeze-report.html")).expect("it was written");
    let (before, after) = page
        .split_once("script-src 'sha256-")
        .expect("the policy names its script");
    let after = after.split_once('\'').expect("the name ends").1;
    // The reader is not of the page, whose policy would keep it out.
    let rest = after.replace("</body>", READER);
    let page = format!("{before}script-src 'unsafe-inline'{rest}");
    let copy = out.path().join("read.html");
    std::fs::write(&copy, &page).expect("the folder is ours");
    let seen = open(&browser, &copy);
    assert!(seen.console.is_empty(), "{:?}", seen.console);
    let notes = seen
        .page
        .split_once("<pre id=\"notes\">")
        .expect("the reader came to an end")
        .1;
    let notes: Vec<&str> = notes
        .split("</pre>")
        .next()
        .unwrap_or_default()
        .split(';')
        .collect();
    let matters = page.matches("<section class=\"matter").count();
    let all = format!("all {matters}");
    assert_eq!(notes[..2], [all.as_str(), "trigger 1"], "{notes:?}");
    let of_structure = matters_that_hit(&page, "RUNTIME-TENANT-MANAGER");
    let of_level = page.matches("data-level=\"breach\"").count();
    let expected = [
        format!("structure {of_structure}"),
        format!("level {of_level}"),
    ];
    assert_eq!(notes[2..4], expected, "{notes:?}");
    let arrows: Vec<&&str> = notes
        .iter()
        .filter(|note| note.starts_with("arrow"))
        .collect();
    assert!(arrows.len() > 12, "{notes:?}");
    assert!(
        arrows.iter().all(|note| **note == "arrow leads"),
        "{notes:?}"
    );
    assert!(
        notes.contains(&"dashes true") && notes.contains(&"fits true"),
        "{notes:?}"
    );
}

/// How many rows of the table name the structure.
fn matters_that_hit(page: &str, structure: &str) -> usize {
    let hits = page.split("data-structure=\"").skip(1);
    let hits = hits.filter_map(|rest| rest.split('"').next());
    hits.filter(|hit| hit.lines().any(|line| line == structure))
        .count()
}
