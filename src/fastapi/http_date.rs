//! Dates in headers: written as HTTP wants them, read as leniently as Python's
//! `email.utils.parsedate` reads them.
//!
//! The rows of the test in `file_response::observed` were observed on CPython 3.11.7.

use time::{Month, OffsetDateTime};

use super::text::{int, words};

/// A point of time as it is written: year, month, day, hour, minute, second. Python compares these
/// numbers and nothing else; the zone does not count.
pub type Moment = [i64; 6];

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Seconds since 1970 as `Fri, 09 Nov 2001 01:08:47 GMT`; `None` outside of the years 1 to 9999.
pub fn render(seconds: i64) -> Option<String> {
    let moment = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    let (year, day) = (moment.year(), moment.day());
    let (hour, minute, second) = moment.to_hms();
    let weekday = &moment.weekday().to_string()[..3];
    let month = &moment.month().to_string()[..3];
    (1..=9999).contains(&year).then(|| {
        format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
    })
}

/// Reads a date in any of the forms that mail and HTTP have known.
pub fn parse(text: &str) -> Option<Moment> {
    let [day, month, year, time, zone] = fields(text)?;
    let (day, month) = match month_number(month) {
        Some(number) => (day, number),
        None => (month, month_number(day)?),
    };
    let swapped = year.find(':').is_some_and(|at| at > 0);
    let (year, time) = if swapped { (time, year) } else { (year, time) };
    let year = match without_comma(year) {
        "" => return None,
        year if year.starts_with(|c: char| c.is_ascii_digit() || "²³¹".contains(c)) => year,
        _ => zone,
    };
    let [hour, minute, second] = clock(without_comma(time))?;
    let year = match int(year)? {
        year @ ..=68 => year.saturating_add(2000),
        year @ 69..=99 => year + 1900,
        year => year,
    };
    Some([year, month, int(without_comma(day))?, hour, minute, second])
}

/// Day, month, year, time and zone, none but the last one empty; more is left out.
fn fields(text: &str) -> Option<[&str; 5]> {
    let mut found: Vec<&str> = words(text).collect();
    let first = *found.first()?;
    if first.ends_with(',') || WEEKDAYS.contains(&first.to_lowercase().as_str()) {
        found.remove(0);
    } else if let Some((_, after)) = first.rsplit_once(',') {
        found[0] = after;
    }
    if let [date, time, zone] = found[..]
        && let [day, month, year] = date.split('-').collect::<Vec<_>>()[..]
    {
        found = vec![day, month, year, time, zone];
    }
    if let [.., last] = found[..]
        && found.len() == 4
    {
        let sign = last.find('+').or_else(|| last.find('-')).filter(|at| *at > 0);
        let (time, zone) = sign.map_or((last, ""), |at| last.split_at(at));
        found.splice(3.., [time, zone]);
    }
    let fields = *found.first_chunk::<5>()?;
    fields[..3].iter().all(|field| !field.is_empty()).then_some(fields)
}

/// Hour, minute and second; some mail has dots between them.
fn clock(time: &str) -> Option<[i64; 3]> {
    let separator = if time.contains(':') { ':' } else { '.' };
    match time.split(separator).collect::<Vec<_>>()[..] {
        [hour, minute] => Some([int(hour)?, int(minute)?, 0]),
        [hour, minute, second] => Some([int(hour)?, int(minute)?, int(second)?]),
        _ => None,
    }
}

fn month_number(name: &str) -> Option<i64> {
    let name = name.to_lowercase();
    (1..=12_u8).find_map(|number| {
        let month = Month::try_from(number).ok()?.to_string().to_lowercase();
        (month == name || month[..3] == name).then_some(i64::from(number))
    })
}

fn without_comma(text: &str) -> &str {
    text.strip_suffix(',').unwrap_or(text)
}
