//! Jobs of IMS: each look takes one a step further.

use super::errors::ims;
use super::image::Image;
use super::records::now;
use super::{Api, PROJECT};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::{Route, lock};
use crate::testing::numbers;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[Route {
    operation: "show_job",
    method: "GET",
    path: "/v1/{project_id}/jobs/{job_id}",
    handler: show_job,
}];

/// A job and the names of the images that it makes.
pub(super) struct Job {
    kind: &'static str,
    names: Vec<Value>,
    fails: bool,
    begun: String,
    looks: u8,
    /// The images, once they are there.
    made: Vec<String>,
}

pub(super) fn start(
    api: &Api,
    kind: &'static str,
    names: Vec<Value>,
    file: Option<&str>,
) -> Outcome {
    let id = numbers::uuid(1 << 51 | api.next()).replace('-', "");
    let fails = file.is_some_and(|file| file.starts_with("missing:"));
    let job = Job { kind, names, fails, begun: now(), looks: 0, made: Vec::new() };
    lock(&api.jobs).insert(id.clone(), job);
    Ok(Reply::json(200, &json!({ "job_id": id })))
}

fn show_job(api: &Api, call: &Call<'_>) -> Outcome {
    let id = call.path("job_id");
    let mut jobs = lock(&api.jobs);
    let job = jobs.get_mut(id).filter(|_| call.path("project_id") == PROJECT);
    let missing = || ims(400, "IMG.0010", &format!("The job {id} does not exist."));
    let job = job.ok_or_else(missing)?;
    job.looks = job.looks.saturating_add(1);
    if job.looks == 3 && !job.fails {
        job.made = job.names.iter().map(|name| make(api, name)).collect();
    }
    Ok(Reply::json(200, &shown(id, job)))
}

fn shown(id: &str, job: &Job) -> Value {
    let status = match (job.looks, job.fails) {
        (..=1, _) => "INIT",
        (2, _) => "RUNNING",
        (_, true) => "FAIL",
        (_, false) => "SUCCESS",
    };
    let has_ended = job.looks > 2;
    let failed = status == "FAIL";
    let mut entities = json!({
        "current_task": job.kind, "process_percent": if has_ended { 1.0 } else { f64::from(job.looks - 1) / 2.0 },
    });
    // The images of several disks are those of jobs of their own.
    if job.kind == "imsVolumesToSysDataImagesJob" {
        let sub_job = |(number, name): (usize, &Value)| {
            let made = job.made.get(number);
            json!({
                "job_id": format!("{id}{number}"), "job_type": "imsVolumeCreateImageJob", "status": status,
                "begin_time": job.begun, "end_time": if has_ended { now() } else { String::new() },
                "error_code": null, "fail_reason": null,
                "entities": { "image_id": made, "image_name": name },
            })
        };
        entities["sub_jobs_result"] = job.names.iter().enumerate().map(sub_job).collect();
    } else if let Some(name) = job.names.first() {
        entities["image_name"] = name.clone();
        if let Some(made) = job.made.first() {
            entities["image_id"] = made.clone().into();
        }
    }
    json!({
        "job_id": id, "job_type": job.kind, "status": status, "begin_time": job.begun,
        // As on the real service: empty while it runs.
        "end_time": if has_ended { now() } else { String::new() },
        "error_code": failed.then_some("IMG.0098"),
        "fail_reason": failed.then_some("The file does not exist."),
        "entities": entities,
    })
}

/// Makes an image, and gives its id.
fn make(api: &Api, name: &Value) -> String {
    let id = numbers::uuid(1 << 52 | api.next());
    let mut fields = Image::registered(&id, &now());
    let made = json!({
        "name": name, "status": "active", "visibility": "private", "__imagetype": "private",
        "__isregistered": "true", "disk_format": "zvhd2", "container_format": "bare", "size": 0,
        "min_disk": 40, "virtual_env_type": "FusionCompute",
    });
    fields.extend(made.as_object().cloned().unwrap_or_default());
    lock(&api.images).push(Image { fields, member_status: None });
    id
}
