//! Projects that an image is shared with. The server knows one project, and the owner of an image cannot accept
//! for a member: that is a 403, as on Glance.

use super::Api;
use super::errors::webob;
use super::records::{now, own, with_image};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::{Route, lock};
use serde_json::{Value, json};

const ALL: &str = "/v2/images/{image_id}/members";
const ONE: &str = "/v2/images/{image_id}/members/{member_id}";

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "list_image_members",
        method: "GET",
        path: ALL,
        handler: list_image_members,
    },
    Route {
        operation: "create_image_member",
        method: "POST",
        path: ALL,
        handler: create_image_member,
    },
    Route { operation: "show_image_member", method: "GET", path: ONE, handler: show_image_member },
    Route {
        operation: "update_image_member",
        method: "PUT",
        path: ONE,
        handler: update_image_member,
    },
    Route {
        operation: "delete_image_member",
        method: "DELETE",
        path: ONE,
        handler: delete_image_member,
    },
];

/// An image that can have members: one of this project that is shared.
fn shared(api: &Api, call: &Call<'_>) -> Result<(), Reply> {
    with_image(api, call, |image| {
        own(call, image)?;
        if image.field("visibility") == "shared" {
            return Ok(());
        }
        Err(webob(call.request, 403, "Only shared images have members."))
    })
}

fn key(call: &Call<'_>) -> (String, String) {
    (call.path("image_id").to_owned(), call.path("member_id").to_owned())
}

fn not_found(call: &Call<'_>) -> Reply {
    let message = format!("{} not found in the member list of the image", call.path("member_id"));
    webob(call.request, 404, &message)
}

fn list_image_members(api: &Api, call: &Call<'_>) -> Outcome {
    shared(api, call)?;
    let members = lock(&api.members);
    let own = members.iter().filter(|((image, _), _)| image == call.path("image_id"));
    let list: Vec<&Value> = own.map(|(_, member)| member).collect();
    Ok(Reply::json(200, &json!({ "members": list, "schema": "/v2/schemas/members" })))
}

fn create_image_member(api: &Api, call: &Call<'_>) -> Outcome {
    shared(api, call)?;
    let sent: Value = serde_json::from_slice(&call.request.body).unwrap_or_default();
    let Some(project) = sent["member"].as_str().filter(|project| !project.is_empty()) else {
        return Err(webob(call.request, 400, "Member to be added not specified"));
    };
    let image = call.path("image_id");
    let member = json!({
        "member_id": project, "image_id": image, "status": "pending", "created_at": now(),
        "updated_at": now(), "schema": "/v2/schemas/member",
    });
    let mut members = lock(&api.members);
    let key = (image.to_owned(), project.to_owned());
    if members.contains_key(&key) {
        let message = format!("Member {project} is duplicated for image {image}");
        return Err(webob(call.request, 409, &message));
    }
    members.insert(key, member.clone());
    Ok(Reply::json(200, &member))
}

fn show_image_member(api: &Api, call: &Call<'_>) -> Outcome {
    shared(api, call)?;
    let members = lock(&api.members);
    members.get(&key(call)).map(|member| Reply::json(200, member)).ok_or_else(|| not_found(call))
}

fn update_image_member(api: &Api, call: &Call<'_>) -> Outcome {
    shared(api, call)?;
    if !lock(&api.members).contains_key(&key(call)) {
        return Err(not_found(call));
    }
    Err(webob(call.request, 403, "The owner of an image cannot answer for its members."))
}

fn delete_image_member(api: &Api, call: &Call<'_>) -> Outcome {
    shared(api, call)?;
    let removed = lock(&api.members).remove(&key(call));
    removed.map(|_| Reply::empty(204)).ok_or_else(|| not_found(call))
}
