//! Lists images.

use super::filters::Filters;
use super::form::Form;
use super::image::Ami;
use super::pages::page;
use super::refusal::Refusal;
use super::region::{Here, check_id, dry_run, not_found};
use super::{ACCOUNT, Api};
use crate::testing::imitation::Route;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[Route {
    operation: "describe_images",
    method: "POST",
    path: "/DescribeImages",
    handler: |api, call| api.answer(call, describe_images),
}];

const ALIASES: [&str; 3] = ["amazon", "aws-marketplace", "aws-backup-vault"];

fn describe_images(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    dry_run(form)?;
    let filters = Filters::of_images(form.filters())?;
    let ids = form.list("ImageId");
    ids.iter().try_for_each(|id| check_id(id))?;
    let owners = form.list("Owner");
    owners.iter().try_for_each(|owner| check_owner(owner))?;
    let executable_by = form.list("ExecutableBy");
    let (deprecated, disabled) = (form.is("IncludeDeprecated"), form.is("IncludeDisabled"));

    let images = &mut here.region().images;
    let is_absent = |id: &&str| !images.get(*id).is_some_and(Ami::is_visible);
    let absent: Vec<_> = ids.iter().copied().filter(is_absent).collect();
    if !absent.is_empty() {
        return Err(not_found(&absent));
    }
    let listed = images.iter_mut().filter(|(id, image)| {
        image.is_visible()
            && (ids.is_empty() || ids.contains(&id.as_str()))
            && (owners.is_empty() || owners.iter().any(|owner| belongs(image, owner)))
            && (executable_by.is_empty() || executable_by.iter().any(|who| runs(image, who)))
    });
    // What is hidden counts for the page, as everything does that filters leave out.
    let hide = |image: &Ami| {
        (image.is_deprecated() && !deprecated && !image.is_own())
            || (image.is_disabled() && !disabled && ids.is_empty())
    };
    let records = listed
        .map(|(id, image)| {
            let record = if hide(image) { Value::Null } else { image.look() };
            (id.clone(), record)
        })
        .collect();
    let (found, next) = page(form, records, &filters, 1..=1000, !ids.is_empty())?;
    let found: Vec<_> = found.into_iter().filter(|record| !record.is_null()).collect();
    Ok(json!({ "imagesSet": found, "nextToken": next }))
}

fn check_owner(owner: &str) -> Result<(), Refusal> {
    let is_account = owner.len() == 12 && owner.bytes().all(|digit| digit.is_ascii_digit());
    if is_account || owner == "self" || ALIASES.contains(&owner) {
        return Ok(());
    }
    Err(Refusal::bad("InvalidUserID.Malformed", format!("Invalid user id: \"{owner}\"")))
}

fn belongs(image: &Ami, owner: &str) -> bool {
    match owner {
        "self" => image.is_own(),
        _ => image.text("imageOwnerId") == owner || image.text("imageOwnerAlias") == owner,
    }
}

fn runs(image: &Ami, who: &str) -> bool {
    match who {
        "all" => image.is_public(),
        "self" => image.admits(ACCOUNT),
        _ => image.admits(who),
    }
}
