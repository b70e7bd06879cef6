//! Deprecation, disabling and protection.

use super::Api;
use super::form::Form;
use super::refusal::Refusal;
use super::region::{Here, dry_run};
use crate::testing::imitation::Route;
use chrono::{DateTime, SecondsFormat, SubsecRound, TimeDelta, Timelike, Utc};
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "enable_image_deprecation",
        method: "POST",
        path: "/EnableImageDeprecation",
        handler: |api, call| api.answer(call, enable_image_deprecation),
    },
    Route {
        operation: "disable_image_deprecation",
        method: "POST",
        path: "/DisableImageDeprecation",
        handler: |api, call| api.answer(call, disable_image_deprecation),
    },
    Route {
        operation: "enable_image",
        method: "POST",
        path: "/EnableImage",
        handler: |api, call| api.answer(call, enable_image),
    },
    Route {
        operation: "disable_image",
        method: "POST",
        path: "/DisableImage",
        handler: |api, call| api.answer(call, disable_image),
    },
    Route {
        operation: "enable_image_deregistration_protection",
        method: "POST",
        path: "/EnableImageDeregistrationProtection",
        handler: |api, call| api.answer(call, protect),
    },
    Route {
        operation: "disable_image_deregistration_protection",
        method: "POST",
        path: "/DisableImageDeregistrationProtection",
        handler: |api, call| api.answer(call, unprotect),
    },
    Route {
        operation: "get_image_block_public_access_state",
        method: "POST",
        path: "/GetImageBlockPublicAccessState",
        handler: |api, call| api.answer(call, block_public_access),
    },
];

const PROTECTION: &str = "deregistrationProtection";

fn enable_image_deprecation(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let image = here.region().own_image(form)?;
    let sent = form.text("DeprecateAt").ok_or_else(|| Refusal::missing("DeprecateAt"))?;
    let time: DateTime<Utc> = sent.parse().map_err(|_| {
        Refusal::invalid(format!("Value ({sent}) for parameter deprecateAt is invalid."))
    })?;
    let now = Utc::now();
    if time <= now || time > now + TimeDelta::days(3653) {
        let message = "The deprecation time must be in the future and at most 10 years away.";
        return Err(Refusal::invalid(message));
    }
    dry_run(form)?;
    // The service rounds to the minute.
    let minute = (time + TimeDelta::seconds(30)).trunc_subsecs(0).with_second(0).unwrap_or(time);
    image.set("deprecationTime", minute.to_rfc3339_opts(SecondsFormat::Millis, true));
    Ok(json!({ "return": true }))
}

fn disable_image_deprecation(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let image = here.region().own_image(form)?;
    dry_run(form)?;
    image.fields.remove("deprecationTime");
    Ok(json!({ "return": true }))
}

fn enable_image(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let image = here.region().own_image(form)?;
    dry_run(form)?;
    image.set("imageState", "available");
    Ok(json!({ "return": true }))
}

fn disable_image(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let image = here.region().own_image(form)?;
    let state = image.text("imageState");
    if !matches!(state, "available" | "disabled") {
        let message = format!("The image {} is in state {state}", image.id());
        return Err(Refusal::bad("IncorrectState", message));
    }
    dry_run(form)?;
    // The permissions do not come back with the image.
    image.permissions.clear();
    image.set("isPublic", false);
    image.set("imageState", "disabled");
    Ok(json!({ "return": true }))
}

fn protect(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let image = here.region().own_image(form)?;
    dry_run(form)?;
    let with = if form.is("WithCooldown") { "with" } else { "without" };
    image.set(PROTECTION, format!("enabled-{with}-cooldown"));
    Ok(json!({ "return": image.text(PROTECTION) }))
}

fn unprotect(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let image = here.region().own_image(form)?;
    dry_run(form)?;
    let state = match image.text(PROTECTION) {
        "enabled-with-cooldown" => {
            let time = Utc::now() + TimeDelta::days(1);
            format!("disabled after {}", time.to_rfc3339_opts(SecondsFormat::Millis, true))
        }
        _ => "disabled".to_owned(),
    };
    image.set(PROTECTION, state.as_str());
    Ok(json!({ "return": state }))
}

fn block_public_access(_: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    dry_run(form)?;
    Ok(json!({ "imageBlockPublicAccessState": "unblocked", "managedBy": "account" }))
}
