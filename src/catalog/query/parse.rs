//! Reads a query from text.

use super::term::{Field, Operator, Term, Values};
use super::{MAX_LENGTH, MAX_REGEX};
use crate::catalog::{Publisher, Version, reading};
use crate::{Error, ErrorKind, Result};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use regex_lite::RegexBuilder;
use std::fmt::Display;
use std::str::FromStr;

/// Reads all terms.
pub(super) fn terms(text: &str) -> Result<Vec<Term>> {
    if text.len() > MAX_LENGTH {
        let message =
            format!("the query has {} bytes, but may have at most {MAX_LENGTH}", text.len());
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    let mut scanner = Scanner { text, at: 0 };
    let mut terms = Vec::new();
    while scanner.skip_spaces() {
        term(&mut scanner, &mut terms)?;
    }
    Ok(terms)
}

/// A value and where it begins.
struct Piece {
    at: usize,
    text: String,
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Whether anything follows.
    fn skip_spaces(&mut self) -> bool {
        self.at = self.text.len() - self.rest().trim_start().len();
        self.at < self.text.len()
    }

    /// The characters up to a space or an operator.
    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end =
            rest.find(|character: char| character.is_whitespace() || "=!<>~".contains(character));
        let word = &rest[..end.unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    fn operator(&mut self) -> Option<Operator> {
        let operator = Operator::ALL
            .into_iter()
            .find(|operator| self.rest().starts_with(operator.as_str()))?;
        self.at += operator.as_str().len();
        Some(operator)
    }

    /// The values up to a space, those of a list between commas.
    fn values(&mut self, is_list: bool) -> Result<Vec<Piece>> {
        let mut values = Vec::new();
        loop {
            let at = self.at;
            let text = if self.rest().starts_with('"') {
                self.quoted()?
            } else {
                self.plain(is_list).to_owned()
            };
            values.push(Piece { at, text });
            if !is_list || !self.rest().starts_with(',') {
                break;
            }
            self.at += 1;
        }
        if self.rest().starts_with(|character: char| !character.is_whitespace()) {
            return Err(
                self.error(self.at, "a value in quotes must be followed by a space: add one here")
            );
        }
        Ok(values)
    }

    fn plain(&mut self, is_list: bool) -> &'t str {
        let rest = self.rest();
        let end =
            rest.find(|character: char| character.is_whitespace() || (is_list && character == ','));
        let value = &rest[..end.unwrap_or(rest.len())];
        self.at += value.len();
        value
    }

    fn quoted(&mut self) -> Result<String> {
        let start = self.at;
        let mut value = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((place, character)) = characters.next() {
            match character {
                '"' => {
                    self.at += place + 1;
                    return Ok(value);
                }
                '\\' => match characters.next() {
                    Some((_, escaped @ ('"' | '\\'))) => value.push(escaped),
                    _ => {
                        return Err(self.error(
                            start + place,
                            "in quotes, `\\` escapes `\"` or `\\` only: write `\\\\` for a backslash",
                        ));
                    }
                },
                _ => value.push(character),
            }
        }
        Err(self.error(start, "the quote is not closed: add `\"` at the end of the value"))
    }

    /// An error about a value, which the message names.
    fn error_in(&self, piece: &Piece, message: impl Display) -> Error {
        let column = self.text.get(..piece.at).unwrap_or_default().chars().count() + 1;
        wrong(&format!("column {column}"), message)
    }

    /// An error at a place: its column, and what stands there.
    fn error(&self, at: usize, message: impl Display) -> Error {
        let before = self.text.get(..at).unwrap_or_default();
        let column = before.chars().count() + 1;
        let here =
            self.text.get(at..).unwrap_or_default().split_whitespace().next().unwrap_or_default();
        let here: String = here
            .chars()
            .filter(|&character| crate::catalog::image::is_shown(character))
            .take(40)
            .collect();
        let place = if here.is_empty() {
            format!("column {column}")
        } else {
            format!("column {column}, `{here}`")
        };
        wrong(&place, message)
    }
}

fn wrong(place: &str, message: impl Display) -> Error {
    Error::new(ErrorKind::InvalidRequest, format!("the query is wrong at {place}: {message}"))
}

fn term(scanner: &mut Scanner<'_>, terms: &mut Vec<Term>) -> Result<()> {
    let start = scanner.at;
    let word = scanner.word();
    let operator_at = scanner.at;
    let operator = scanner.operator();
    if word.is_empty() {
        return Err(scanner.error(start, "a field or a distribution must come before the operator"));
    }
    let named =
        Field::WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(field, _)| *field);
    let field = match (named, operator) {
        (Some(field), Some(_)) => field,
        (Some(field), None) => {
            let example = format!(
                "the field `{word}` needs an operator and a value: write one of {} after it",
                list(field.operators())
            );
            return Err(scanner.error(start, example));
        }
        (None, _) => {
            // `ubuntu>=22.04` is a distribution and its version.
            let Some(distribution) = reading::distribution(word) else {
                return Err(scanner.error(start, unknown(word)));
            };
            let values = Values::Distributions(vec![distribution]);
            terms.push(Term { field: Field::Distribution, operator: Operator::Is, values });
            Field::Version
        }
    };
    let Some(operator) = operator else {
        return if scanner.rest().starts_with('!') {
            Err(scanner.error(scanner.at, "`!` is not an operator: write `!=` and a value"))
        } else {
            Ok(())
        };
    };
    if !field.operators().contains(&operator) {
        let message =
            format!("{field} does not take `{operator}`: use {}", list(field.operators()));
        return Err(scanner.error(operator_at, message));
    }
    let pieces = scanner.values(operator.takes_list())?;
    let values = values(scanner, field, operator, &pieces)?;
    terms.push(Term { field, operator, values });
    Ok(())
}

fn values(
    scanner: &Scanner<'_>,
    field: Field,
    operator: Operator,
    pieces: &[Piece],
) -> Result<Values> {
    if let Some(empty) = pieces.iter().find(|piece| piece.text.is_empty()) {
        return Err(scanner.error(empty.at, format!("a value of {field} is missing")));
    }
    let one = || match pieces {
        [piece] => Ok(piece),
        [_, second, ..] => {
            Err(scanner.error(second.at, format!("{field} takes one value: remove the others")))
        }
        [] => Err(scanner.error(scanner.at, format!("a value of {field} is missing"))),
    };
    Ok(match field {
        Field::Distribution => Values::Distributions(all(scanner, pieces, |text| {
            reading::distribution(text).map_or_else(|| text.parse(), Ok)
        })?),
        Field::Version | Field::Cuda | Field::Parallelcluster => {
            Values::Versions(all(scanner, pieces, Version::from_str)?)
        }
        Field::Driver => Values::Versions(all(scanner, pieces, |text| {
            text.strip_prefix(['R', 'r']).unwrap_or(text).parse()
        })?),
        Field::Architecture => Values::Architectures(all(scanner, pieces, FromStr::from_str)?),
        Field::Status => Values::Statuses(all(scanner, pieces, FromStr::from_str)?),
        Field::Visibility => Values::Visibilities(all(scanner, pieces, FromStr::from_str)?),
        Field::From => Values::Publishers(all(scanner, pieces, Publisher::from_str)?),
        Field::Lts => {
            let piece = one()?;
            Values::Flag(
                piece.text.parse().map_err(|_| scanner.error(piece.at, "use true or false"))?,
            )
        }
        Field::Created => {
            let piece = one()?;
            Values::Time(time(&piece.text).ok_or_else(|| {
                scanner.error(piece.at, "not a date: use 2026-03-01 or 2026-03-01T12:00:00Z")
            })?)
        }
        Field::SupportedFor => {
            let piece = one()?;
            Values::Days(days(&piece.text).ok_or_else(|| {
                scanner.error(
                    piece.at,
                    "not a time span of up to 100 years: use days, weeks or years, such as 180d, 26w or 2y",
                )
            })?)
        }
        Field::Name if operator == Operator::Matches => {
            let piece = one()?;
            Values::Regex(Box::new(
                regex(&piece.text).map_err(|message| scanner.error(piece.at, message))?,
            ))
        }
        _ => Values::Words(pieces.iter().map(|piece| piece.text.clone()).collect()),
    })
}

fn all<T>(
    scanner: &Scanner<'_>,
    pieces: &[Piece],
    parse: impl Fn(&str) -> Result<T>,
) -> Result<Vec<T>> {
    let one = |piece: &Piece| {
        parse(&piece.text).map_err(|error| scanner.error_in(piece, error.message()))
    };
    pieces.iter().map(one).collect()
}

/// A regular expression, of bounded size.
pub(super) fn regex(pattern: &str) -> Result<regex_lite::Regex, String> {
    if pattern.len() > MAX_REGEX {
        return Err(format!("a regular expression has at most {MAX_REGEX} bytes"));
    }
    let built = RegexBuilder::new(pattern).size_limit(1 << 18).nest_limit(50).build();
    built.map_err(|error| format!("not a regular expression: {error}"))
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Some(day.and_time(NaiveTime::MIN).and_utc());
    }
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc())
}

fn days(text: &str) -> Option<u32> {
    let unit = text.chars().last()?;
    let days = match unit {
        'd' => 1,
        'w' => 7,
        'y' => 365,
        _ => return None,
    };
    // A century is enough, and keeps the sum with a date within the calendar.
    let number: u32 = text[..text.len() - 1].parse().ok()?;
    number.checked_mul(days).filter(|days| *days <= 36_500)
}

fn list(operators: &[Operator]) -> String {
    let quoted: Vec<String> = operators.iter().map(|operator| format!("`{operator}`")).collect();
    quoted.join(" ")
}

/// What to say of a word that is neither a field nor a distribution.
fn unknown(word: &str) -> String {
    let fields = Field::WORDS.iter().flat_map(|(_, words)| words.iter().copied());
    let near = fields
        .chain(reading::distributions())
        .filter(|known| is_near(word, known))
        .min_by_key(|known| known.len().abs_diff(word.len()));
    match near {
        Some(near) => format!("no field or distribution has this name; did you mean `{near}`?"),
        None => "no field or distribution has this name".to_owned(),
    }
}

/// Whether one letter is wrong, missing or too much, or two are swapped.
fn is_near(word: &str, known: &str) -> bool {
    if word.len().abs_diff(known.len()) > 1 || word.len() < 3 {
        return false;
    }
    let (word, known) = (word.as_bytes(), known.as_bytes());
    let start = word.iter().zip(known).take_while(|(one, other)| one == other).count();
    let (word, known) = (&word[start..], &known[start..]);
    let swapped = matches!((word, known), ([a, b, rest @ ..], [c, d, others @ ..]) if a == d && b == c && rest == others);
    let after = |text: &[u8], count: usize| text.get(count..).map(<[u8]>::to_vec);
    swapped
        || after(word, 1) == after(known, 1)
        || after(word, 1).as_deref() == Some(known)
        || after(known, 1).as_deref() == Some(word)
}
