//! Pages: taken first, filtered then, so that one can be empty and have a token.

use super::filters::Filters;
use super::form::Form;
use super::refusal::Refusal;
use crate::hex;
use serde_json::Value;
use std::ops::RangeInclusive;

/// Base64 of real tokens has these; a client that does not encode them loses them.
const PREFIX: &str = "k+/=";

/// A page of records, which are in order, and the token of the next one.
pub(super) fn page(
    form: &Form,
    records: Vec<(String, Value)>,
    filters: &Filters,
    sizes: RangeInclusive<usize>,
    names_ids: bool,
) -> Result<(Vec<Value>, Option<String>), Refusal> {
    let size = size(form, &sizes, names_ids)?;
    let after = form.text("NextToken").filter(|token| !token.is_empty());
    let after = after.map(|token| position(form, token)).transpose()?;
    let size = size.or(after.is_some().then_some(*sizes.end())).unwrap_or(usize::MAX);
    let mut rest =
        records.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after));
    let page: Vec<_> = rest.by_ref().take(size).collect();
    let next = rest.next().and(page.last()).map(|(key, _)| token(form, key));
    let page = page.into_iter().map(|(_, record)| record);
    Ok((page.filter(|record| filters.admit(record)).collect(), next))
}

fn size(
    form: &Form,
    sizes: &RangeInclusive<usize>,
    names_ids: bool,
) -> Result<Option<usize>, Refusal> {
    let Some(sent) = form.text("MaxResults") else { return Ok(None) };
    if names_ids {
        let message = "The parameter imageIdsSet cannot be used with the parameter maxResults";
        return Err(Refusal::bad("InvalidParameterCombination", message));
    }
    let size = sent.parse().ok().filter(|size| sizes.contains(size));
    size.map(Some).ok_or_else(|| {
        let (least, most) = (sizes.start(), sizes.end());
        Refusal::invalid(format!(
            "Value ( {sent} ) for parameter maxResults is invalid. Expecting a value between {least} and {most}."
        ))
    })
}

fn token(form: &Form, after: &str) -> String {
    format!("{PREFIX}{}", hex::encode(format!("{after}\n{}", form.question()).as_bytes()))
}

/// A token belongs to its question.
fn position(form: &Form, token: &str) -> Result<String, Refusal> {
    let digits = token.strip_prefix(PREFIX).unwrap_or_default().as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes = digits.chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?));
    let text = bytes.collect::<Option<Vec<u8>>>().and_then(|bytes| String::from_utf8(bytes).ok());
    let position = text.as_deref().and_then(|text| text.split_once('\n'));
    match position {
        Some((after, question)) if question == form.question() => Ok(after.to_owned()),
        _ => Err(Refusal::bad("InvalidNextToken", "The specified NextToken is not valid.")),
    }
}
