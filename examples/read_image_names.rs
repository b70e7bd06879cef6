//! Reads names of images and prints what they say.
//!
//! ```text
//! $ printf 'ubuntu-2204-jammy-v20240101\nRocky-9-EC2-Base-9.3.x86_64\n' | read_image_names
//! name    provider    source    distribution    version    codename    architecture    driver    cuda    extras
//! ubuntu-2204-jammy-v20240101            ubuntu    22.04    jammy
//! Rocky-9-EC2-Base-9.3.x86_64            rocky    9.3        x86_64
//! ```

use clap::Parser;
use cloud_images::catalog::Reading;
use std::io::{self, BufRead, Write};

/// Reads names of images from standard input, one a line, and prints what they say as TSV.
///
/// Of a line with tabs, the first three cells are the name, the provider and the source, and go to the output as
/// they are; only the name is read. A first line that begins with "name" and a tab is a header. An empty cell
/// means: the name does not say, or it is not certain. The columns are name, provider, source, distribution,
/// version, codename, architecture, driver, cuda and extras (separated by ";").
#[derive(Parser)]
struct Arguments {}

fn main() -> io::Result<()> {
    Arguments::parse();
    match print(io::stdin().lock(), io::stdout().lock()) {
        // Who reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

fn print(mut input: impl BufRead, output: impl Write) -> io::Result<()> {
    let mut output = io::BufWriter::new(output);
    writeln!(
        output,
        "name\tprovider\tsource\tdistribution\tversion\tcodename\tarchitecture\tdriver\tcuda\textras"
    )?;
    let (mut bytes, mut is_first) = (Vec::new(), true);
    while input.read_until(b'\n', &mut bytes)? > 0 {
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end_matches(['\n', '\r']);
        let is_heading = is_first && line.starts_with("name\t");
        if !line.is_empty() && !is_heading {
            let mut cells = line.split('\t');
            let [name, provider, source] = [(); 3].map(|()| cells.next().unwrap_or_default());
            writeln!(output, "{name}\t{provider}\t{source}\t{}", columns(&Reading::of(name)))?;
        }
        is_first = false;
        bytes.clear();
    }
    output.flush()
}

fn columns(reading: &Reading) -> String {
    let cell = |value: Option<String>| value.unwrap_or_default();
    let parallelcluster =
        reading.parallelcluster.as_ref().map(|version| format!("pcluster={version}"));
    let extras = parallelcluster.into_iter().chain(reading.extras.iter().map(ToString::to_string));
    [
        cell(reading.distribution.as_ref().map(ToString::to_string)),
        cell(reading.version.as_ref().map(ToString::to_string)),
        cell(reading.codename.as_ref().map(ToString::to_string)),
        cell(reading.architecture.map(|architecture| architecture.to_string())),
        cell(reading.driver.as_ref().map(ToString::to_string)),
        cell(reading.cuda.as_ref().map(ToString::to_string)),
        extras.collect::<Vec<_>>().join(";"),
    ]
    .join("\t")
}
