//! Tables of facts: text with a dated first line, named columns, and one row per line.
//!
//! ```text
//! # as of 2026-08-22; source: endoflife.date (MIT)
//! product    cycle    end_of_support
//! ubuntu     24.04    2029-05-31
//! ```
//!
//! Cells stand between tabs. Lines that begin with `#` are comments. Columns are found by their names, so a
//! table may have more of them, in any order.

use crate::catalog::shown::shown;
use crate::{Error, ErrorKind, Result};
use chrono::NaiveDate;

/// A table, with the cells of the `N` columns that were asked for.
pub(super) struct Table<'t, const N: usize> {
    /// The day on which the facts were true.
    pub(super) as_of: NaiveDate,
    pub(super) rows: Vec<[Cell<'t>; N]>,
}

/// A cell, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Cell<'t> {
    pub(super) text: &'t str,
    name: &'static str,
    line: usize,
    /// In characters, from 1.
    column: usize,
}

impl<'t, const N: usize> Table<'t, N> {
    /// Reads a table.
    ///
    /// A name that ends in `?` is a column that may be missing; its cells are empty then.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] that names the line and the column of what is wrong.
    pub(super) fn parse(text: &'t str, columns: [&'static str; N]) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().enumerate().map(|(place, line)| (place + 1, line));
        let as_of = lines.next().and_then(|(_, first)| date_of(first)).ok_or_else(|| {
            wrong(
                1,
                1,
                "the first line does not say on which day the facts were true: write `# as of YYYY-MM-DD`",
            )
        })?;
        let mut lines = lines.filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
        let Some((line, header)) = lines.next() else {
            return Err(wrong(
                1,
                1,
                "the table has no line with the names of its columns: write it before the first row",
            ));
        };
        let header: Vec<&str> = header.split('\t').collect();
        let mut places = [None; N];
        for (place, name) in places.iter_mut().zip(columns) {
            let wanted = name.trim_end_matches('?');
            *place = header.iter().position(|column| *column == wanted);
            if place.is_none() && wanted == name {
                return Err(wrong(line, 1, &format!("the table has no column `{name}`")));
            }
        }
        let rows = lines.map(|(number, line)| row(line, number, header.len(), places, columns));
        Ok(Self { as_of, rows: rows.collect::<Result<_>>()? })
    }
}

fn date_of(line: &str) -> Option<NaiveDate> {
    line.strip_prefix("# as of ")?.get(..10)?.parse().ok()
}

fn row<'t, const N: usize>(
    line: &'t str,
    number: usize,
    width: usize,
    places: [Option<usize>; N],
    columns: [&'static str; N],
) -> Result<[Cell<'t>; N]> {
    let cells: Vec<&str> = line.split('\t').collect();
    if cells.len() != width {
        let message = format!("the line has {} cells, the table has {width} columns", cells.len());
        return Err(wrong(number, line.chars().count() + 1, &message));
    }
    let mut row = columns.map(|name| Cell { text: "", name, line: number, column: 1 });
    for (cell, place) in row.iter_mut().zip(places) {
        if let Some((place, text)) = place.and_then(|place| Some((place, cells.get(place)?))) {
            cell.text = text.trim();
            cell.column =
                cells.iter().take(place).map(|cell| cell.chars().count() + 1).sum::<usize>() + 1;
        }
    }
    Ok(row)
}

impl<'t> Cell<'t> {
    /// The text, unless the cell is empty.
    pub(super) fn filled(self) -> Option<&'t str> {
        Some(self.text).filter(|text| !text.is_empty())
    }

    /// The cell read by `read`; `None` if it is empty.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] that names the place and what is `expected`, where `read` gives `None`.
    pub(super) fn read<T>(
        self,
        expected: &str,
        read: impl FnOnce(&'t str) -> Option<T>,
    ) -> Result<Option<T>> {
        let Some(text) = self.filled() else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| self.error(expected))
    }

    /// The cell read by `read`, which must not be empty.
    ///
    /// # Errors
    ///
    /// As [`Cell::read`], and if the cell is empty.
    pub(super) fn required<T>(
        self,
        expected: &str,
        read: impl FnOnce(&'t str) -> Option<T>,
    ) -> Result<T> {
        self.read(expected, read)?.ok_or_else(|| self.error(expected))
    }

    fn error(self, expected: &str) -> Error {
        let name = self.name.trim_end_matches('?');
        let message = match self.text {
            "" => format!("{name} is empty, but must be {expected}"),
            text => format!("`{}` in column `{name}` is not {expected}", shown(text)),
        };
        wrong(self.line, self.column, &message)
    }
}

fn wrong(line: usize, column: usize, message: &str) -> Error {
    Error::new(
        ErrorKind::InvalidRequest,
        format!("line {line}, column {column} of the table: {message}"),
    )
}

#[cfg(test)]
mod tests {
    use super::Table;

    fn error(text: &str) -> String {
        match Table::parse(text, ["a", "b", "c?"]) {
            Ok(_) => panic!("{text:?} is a table"),
            Err(error) => error.message().to_owned(),
        }
    }

    #[test]
    fn columns_are_found_by_name() {
        let text = "\u{feff}# as of 2026-08-22; by hand\r\n# more\r\nb\tother\ta\r\n2\tx\t1\r\n";
        let table = Table::parse(text, ["a", "b", "c?"]).unwrap();
        assert_eq!(table.as_of.to_string(), "2026-08-22");
        let rows: Vec<_> = table.rows.iter().map(|row| row.map(|cell| cell.text)).collect();
        assert_eq!(rows, [["1", "2", ""]]);
    }

    #[test]
    fn an_error_names_the_place() {
        assert!(
            error("").starts_with("line 1, column 1 of the table: the first line does not say")
        );
        assert!(error("# as of 2026-13-01\na\tb\n").starts_with("line 1,"));
        assert!(error("# as of 2026-08-22\n# a\tb\n").contains("no line with the names"));
        assert_eq!(
            error("# as of 2026-08-22\na\n"),
            "line 2, column 1 of the table: the table has no column `b`"
        );
        assert_eq!(
            error("# as of 2026-08-22\na\tb\n1\n"),
            "line 3, column 2 of the table: the line has 1 cells, the table has 2 columns"
        );
    }

    #[test]
    fn a_cell_that_cannot_be_read_is_quoted_without_its_control_characters() {
        let text = "# as of 2026-08-22\na\tb\néé\t1\u{1b}[31m\n";
        let table = Table::parse(text, ["a", "b"]).unwrap();
        let [_, b] = table.rows[0];
        let error = b.required("a number", |text| text.parse::<u32>().ok()).unwrap_err();
        assert_eq!(
            error.message(),
            "line 3, column 4 of the table: `1\\u{1b}[31m` in column `b` is not a number"
        );
    }
}
