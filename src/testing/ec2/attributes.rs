//! Attributes of images: launch permissions and texts.

use super::Api;
use super::form::Form;
use super::refusal::Refusal;
use super::region::{Here, dry_run};
use crate::testing::imitation::Route;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "describe_image_attribute",
        method: "POST",
        path: "/DescribeImageAttribute",
        handler: |api, call| api.answer(call, describe_image_attribute),
    },
    Route {
        operation: "modify_image_attribute",
        method: "POST",
        path: "/ModifyImageAttribute",
        handler: |api, call| api.answer(call, modify_image_attribute),
    },
    Route {
        operation: "reset_image_attribute",
        method: "POST",
        path: "/ResetImageAttribute",
        handler: |api, call| api.answer(call, reset_image_attribute),
    },
];

/// The attributes that are one text, with the field of the image.
const TEXTS: [(&str, &str, &str); 8] = [
    ("description", "description", "description"),
    ("kernel", "kernel", "kernelId"),
    ("ramdisk", "ramdisk", "ramdiskId"),
    ("sriovNetSupport", "sriovNetSupport", "sriovNetSupport"),
    ("bootMode", "bootMode", "bootMode"),
    ("tpmSupport", "tpmSupport", "tpmSupport"),
    ("imdsSupport", "imdsSupport", "imdsSupport"),
    ("deregistrationProtection", "deregistrationProtection", "deregistrationProtection"),
];

/// The kinds of permission: the parameter of an addition, that of the older form, and the field.
const PERMISSIONS: [(&str, &str, &str); 4] = [
    ("UserId", "UserId", "userId"),
    ("Group", "UserGroup", "group"),
    ("OrganizationArn", "OrganizationArn", "organizationArn"),
    ("OrganizationalUnitArn", "OrganizationalUnitArn", "organizationalUnitArn"),
];

fn describe_image_attribute(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let image = here.region().image(form, "ImageId")?;
    let attribute = form.text("Attribute").ok_or_else(|| Refusal::missing("Attribute"))?;
    if matches!(attribute, "launchPermission" | "lastLaunchedTime" | "deregistrationProtection") {
        image.own()?;
    }
    dry_run(form)?;
    let mut answer = json!({ "imageId": image.id() });
    match attribute {
        "launchPermission" => answer["launchPermission"] = image.permissions.clone().into(),
        "productCodes" => answer["productCodes"] = json!(image.fields.get("productCodes")),
        "lastLaunchedTime" => {
            answer["lastLaunchedTime"] = json!({ "value": image.fields.get("lastLaunchedTime") });
        }
        "blockDeviceMapping" => {
            let message = "Unauthorized attempt to access restricted resource";
            return Err(Refusal::new(403, "AuthFailure", message));
        }
        _ => {
            let text = TEXTS.iter().find(|(name, _, _)| *name == attribute).ok_or_else(|| {
                Refusal::bad("InvalidRequest", "The request received was invalid")
            })?;
            answer[text.1] = json!({ "value": image.fields.get(text.2) });
        }
    }
    Ok(answer)
}

fn modify_image_attribute(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let image = here.region().own_image(form)?;
    let operation = form.text("OperationType").unwrap_or_default();
    let permissions = |change: &str| -> Result<Vec<Value>, Refusal> {
        let mut found = Vec::new();
        for permission in form.structures(&format!("LaunchPermission.{change}")) {
            for (parameter, _, field) in PERMISSIONS {
                if let Some(value) = permission.text(parameter) {
                    found.push(checked(field, value)?);
                }
            }
        }
        if operation.eq_ignore_ascii_case(change) {
            for (_, parameter, field) in PERMISSIONS {
                for value in form.list(parameter) {
                    found.push(checked(field, value)?);
                }
            }
        }
        Ok(found)
    };
    let (add, remove) = (permissions("Add")?, permissions("Remove")?);
    let value = form.text("Value").filter(|_| form.text("Attribute") == Some("description"));
    let description = form.text("Description.Value").or(value);
    let imds = form.text("ImdsSupport.Value");
    if add.is_empty() && remove.is_empty() && description.is_none() && imds.is_none() {
        return Err(Refusal::bad("InvalidParameterCombination", "No attributes specified."));
    }
    dry_run(form)?;
    add.into_iter().for_each(|permission| image.permit(permission));
    remove.iter().for_each(|permission| image.withdraw(permission));
    if let Some(description) = description {
        image.set("description", description);
    }
    if let Some(imds) = imds {
        image.set("imdsSupport", imds);
    }
    Ok(json!({ "return": true }))
}

fn checked(field: &str, value: &str) -> Result<Value, Refusal> {
    let kind = match field {
        "userId" if value.len() != 12 || value.bytes().any(|digit| !digit.is_ascii_digit()) => {
            "userId"
        }
        "group" if value != "all" => "UserGroup",
        _ => return Ok(json!({ field: value })),
    };
    let message = format!("Invalid attribute item value \"{value}\" for {kind} item type.");
    Err(Refusal::bad("InvalidAMIAttributeItemValue", message))
}

fn reset_image_attribute(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let image = here.region().own_image(form)?;
    let attribute = form.text("Attribute").unwrap_or_default();
    if attribute != "launchPermission" {
        let message = format!("Value ({attribute}) for parameter attribute is invalid.");
        return Err(Refusal::invalid(message));
    }
    dry_run(form)?;
    image.permissions.clear();
    image.set("isPublic", false);
    Ok(json!({ "return": true }))
}
