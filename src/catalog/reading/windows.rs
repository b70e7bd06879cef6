//! Windows and Windows Server, which differ by their version.

use super::pieces::{Kind, Piece, has_unit};
use super::tokens::Gap;
use super::words::Meaning;
use crate::catalog::Version;

const SERVER: [&str; 8] = ["2003", "2008", "2012", "2016", "2019", "2022", "2025", "2000"];
/// Releases of the semi-annual channel, which Windows 10 had, too.
const SEMI_ANNUAL: [&str; 6] = ["1709", "1803", "1809", "1903", "1909", "2004"];
const CLIENT: [&str; 4] = ["7", "8", "10", "11"];

/// Whether it is Windows Server, and the version; `None` if the piece names no Windows, or an unknown one.
pub(super) fn mention(
    pieces: &[Piece<'_>],
    at: usize,
    is_for_servers: bool,
) -> Option<(bool, Option<Version>)> {
    if !pieces[at].is_any(Meaning::WINDOWS) {
        return None;
    }
    let named = pieces[at].meanings().iter().find_map(|meaning| match meaning {
        Meaning::Windows => Some((false, None)),
        Meaning::WindowsServer => Some((true, None)),
        Meaning::WindowsServerOf(year) => Some((true, Some(*year))),
        _ => None,
    });
    let (server, year) = named?;
    if let Some(year) = year {
        return Some((true, with_r2(pieces, at + 1, year)));
    }
    // Short words that may be anything need their year right behind them.
    let short = pieces[at].text().len() < 4;
    if short
        && pieces.get(at + 1).is_none_or(|next| next.gap == Gap::Space || next.gap == Gap::Break)
    {
        return None;
    }
    match release(pieces, at + 1, server) {
        Some((server, version)) => Some((server, Some(version))),
        None if short => None,
        None if server || is_for_servers => Some((true, None)),
        None => None,
    }
}

/// Whether the release that follows is one of Windows Server, and which.
pub(super) fn release(pieces: &[Piece<'_>], start: usize, server: bool) -> Option<(bool, Version)> {
    let mut unknown = false;
    for (at, piece) in pieces.iter().enumerate().skip(start).take(8) {
        for meaning in piece.meanings() {
            match meaning {
                Meaning::WindowsRelease(release) if server => {
                    return Some((true, release.parse().ok()?));
                }
                Meaning::WindowsClient(release) if !server => {
                    return Some((false, release.parse().ok()?));
                }
                Meaning::Windows | Meaning::WindowsServer | Meaning::Distribution(_) => {
                    return None;
                }
                _ => {}
            }
        }
        // As behind other numbers, 10 and 11 are no versions behind a date.
        if matches!(piece.kind, Kind::Date) && !server {
            return None;
        }
        let number = piece.number();
        let belongs = !unknown && piece.gap != Gap::Break && !has_unit(pieces, at);
        unknown = matches!(piece.kind, Kind::Unknown);
        match &*number {
            [] => {}
            _ if !belongs => {}
            ["8", "1"] if !server => return Some((false, "8.1".parse().ok()?)),
            [year, rest @ ..] if SERVER.contains(year) && !is_date(rest) => {
                // There was a Windows 2000 for desks, too.
                if *year != "2000" || server {
                    return Some((true, with_r2(pieces, at + 1, year)?));
                }
            }
            [release] if server && SEMI_ANNUAL.contains(release) => {
                return Some((true, release.parse().ok()?));
            }
            [release] if !server && CLIENT.contains(release) => {
                return Some((false, release.parse().ok()?));
            }
            _ if server => {}
            _ => return None,
        }
    }
    None
}

/// Month and day, `10.13`.
fn is_date(rest: &[&str]) -> bool {
    rest.first().is_some_and(|month| month.len() == 2)
}

/// The release with its R2, which may stand behind the edition.
fn with_r2(pieces: &[Piece<'_>], start: usize, year: &str) -> Option<Version> {
    let near =
        pieces[start.min(pieces.len())..].iter().take(3).take_while(|piece| !piece.is_number());
    let has_r2 = matches!(year, "2003" | "2008" | "2012");
    let mut near = near
        .take_while(|piece| !piece.says(Meaning::WindowsServer) && !piece.says(Meaning::Windows));
    if has_r2 && near.any(|piece| piece.says(Meaning::R2)) {
        return format!("{year} R2").parse().ok();
    }
    year.parse().ok()
}
