//! Rows as a table, as JSON or as newline-delimited JSON.

use super::{Failure, print};
use clap::ValueEnum;
use serde_json::Value;
use std::fmt::{self, Display};

/// How rows are printed.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns for people
    #[default]
    Table,
    /// One array of objects
    Json,
    /// One object a line, as it arrives
    Ndjson,
}

/// A text or number, or null: a dash in the table.
pub type Cell = Value;

/// The cell of a value that is shown as text.
pub fn cell(value: impl Display) -> Cell {
    value.to_string().into()
}

/// Prints rows that have the same columns.
pub struct Output<const N: usize> {
    format: Format,
    columns: [&'static str; N],
    rows: Vec<[Cell; N]>,
    count: usize,
}

impl<const N: usize> Output<N> {
    pub fn new(format: Format, columns: [&'static str; N]) -> Self {
        Self { format, columns, rows: Vec::new(), count: 0 }
    }

    /// Adds a row, and prints it if the format does not need the others first.
    pub fn row(&mut self, cells: [Cell; N]) -> Result<(), Failure> {
        self.count += 1;
        match self.format {
            Format::Ndjson => print(format_args!("{}\n", Object(&self.columns, &cells))),
            Format::Json | Format::Table => {
                self.rows.push(cells);
                Ok(())
            }
        }
    }

    /// The number of rows so far.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Prints what is not printed yet.
    pub fn finish(self) -> Result<(), Failure> {
        match self.format {
            Format::Ndjson => Ok(()),
            Format::Json => {
                let objects = self.rows.iter().map(|row| Object(&self.columns, row).to_string());
                print(format_args!("[{}]\n", objects.collect::<Vec<_>>().join(",\n ")))
            }
            Format::Table => print(&self),
        }
    }
}

/// The rows in columns, each as wide as its longest cell.
impl<const N: usize> Display for Output<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = self.columns.map(|name| cell(name.replace('_', " ").to_uppercase()));
        let rows = || std::iter::once(&head).chain(&self.rows);
        let text = |cell: &Cell| match cell {
            Value::Null => "-".to_owned(),
            Value::String(text) => text.replace(char::is_control, " "),
            other => other.to_string(),
        };
        let widths: [usize; N] = std::array::from_fn(|column| {
            rows().map(|row| text(&row[column]).chars().count()).max().unwrap_or_default()
        });
        for row in rows() {
            let cells = row.iter().zip(widths);
            let line: Vec<_> =
                cells.map(|(cell, width)| format!("{:width$}", text(cell))).collect();
            writeln!(f, "{}", line.join("  ").trim_end())?;
        }
        Ok(())
    }
}

/// A row as a JSON object, its members in the order of the columns.
struct Object<'a, const N: usize>(&'a [&'static str; N], &'a [Cell; N]);

impl<const N: usize> Display for Object<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = self.0.iter().zip(self.1);
        let members = members.map(|(name, value)| format!("{}:{value}", Value::from(*name)));
        write!(f, "{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}
