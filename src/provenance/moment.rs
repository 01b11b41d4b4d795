//! Moments in UTC as records write them: a day, or a day and a time.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use super::date::{DAY, day, days};

/// Seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

impl Moment {
    /// By the machine's clock, which no variable of the environment moves: what is signed runs out when it
    /// does.
    pub(crate) fn now() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self(now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(0)))
    }

    /// Reads `2026-11-23`, which is its first second, or `2026-11-23T08:00:00Z`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (date, time) = match text.split_once('T') {
            Some((date, time)) => (date, time.strip_suffix('Z')?),
            None => (text, "00:00:00"),
        };
        let date = numbers(date, '-', &[4, 2, 2])?;
        let time = numbers(time, ':', &[2, 2, 2])?;
        Self::of(&date, &time)
    }

    /// Reads `20261123`, `202611230800` or `20261123080000`, with or without a `Z`, as `allowed_signers`
    /// writes them.
    pub(crate) fn compact(text: &str) -> Option<Self> {
        let digits = text.strip_suffix('Z').unwrap_or(text);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let padded = match digits.len() {
            8 | 12 | 14 => format!("{digits:0<14}"),
            _ => return None,
        };
        let part = |range: std::ops::Range<usize>| padded[range].parse().ok();
        let date = [part(0..4)?, part(4..6)?, part(6..8)?];
        Self::of(&date, &[part(8..10)?, part(10..12)?, part(12..14)?])
    }

    fn of(date: &[i64], time: &[i64]) -> Option<Self> {
        let [year, month, of_month] = *date else {
            return None;
        };
        let [hour, minute, second] = *time else {
            return None;
        };
        let seconds = days(year, month, of_month) * DAY + hour * 3600 + minute * 60 + second;
        // A day that the calendar does not have comes back as another one.
        let exact = day(seconds) == format!("{year:04}-{month:02}-{of_month:02}");
        (exact && minute < 60 && second < 60).then_some(Self(seconds))
    }

    /// `2026-11-23`
    pub(crate) fn day(self) -> String {
        day(self.0)
    }
}

/// `2026-11-23T08:00:00Z`
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_day = self.0.rem_euclid(DAY);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}Z", self.day())
    }
}

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or("it is written 2026-11-23 or 2026-11-23T08:00:00Z")
    }
}

/// Numbers of exactly so many digits with `between` between them.
fn numbers(text: &str, between: char, digits: &[usize]) -> Option<Vec<i64>> {
    let parts: Vec<&str> = text.split(between).collect();
    let right = parts.len() == digits.len()
        && parts.iter().zip(digits).all(|(part, digits)| {
            part.len() == *digits && part.bytes().all(|byte| byte.is_ascii_digit())
        });
    right
        .then(|| parts.iter().map(|part| part.parse().ok()).collect())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_what_no_calendar_has_is_refused() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2000-02-29T23:59:59Z",
            "2026-11-23T08:00:01Z",
        ] {
            let moment = Moment::parse(text).expect("a time");
            assert_eq!(moment.to_string(), text);
            assert_eq!(
                Moment::parse(&moment.day()).expect("a day").day(),
                text[..10]
            );
        }
        assert_eq!(Moment::compact("20261123"), Moment::parse("2026-11-23"));
        assert_eq!(
            Moment::compact("202611230801Z"),
            Moment::parse("2026-11-23T08:01:00Z")
        );
        for wrong in [
            "2026-02-30",
            "2026-13-01",
            "2026-1-1",
            "26-01-01",
            "2026-11-23T24:00:00Z",
            "2026-11-23T08:60:00Z",
            "2026-11-23T08:00:00",
            "-026-11-23",
            "",
        ] {
            assert_eq!(Moment::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Moment::compact("2026112"), None);
        assert_eq!(Moment::compact("20260230"), None);
    }
}
