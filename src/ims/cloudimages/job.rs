//! Jobs: what most operations start.

use super::requests::ShowJob;
use super::types::{Job, JobStarted, JobStatus, SubJob};
use crate::wait::{Verdict, Wait, status_label};

impl ShowJob {
    /// Waits until the job has succeeded.
    ///
    /// As a stream, it gives the job each time its status, its progress or the status of a sub-job changes.
    /// Another process can wait for the same job: it needs only the id and a credential of the same project.
    ///
    /// ```no_run
    /// # async fn example(jobs: cloud_images::ims::cloudimages::JobsApi) -> cloud_images::Result<()> {
    /// let mut states = jobs.show_job("ff80808282e4e4fb0182e70c9f7b0613").wait_for_job();
    /// while let Some(job) = states.next_state().await.transpose()? {
    ///     println!("{:?} {:?}", job.status, job.progress());
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed), with the service's
    /// [reason](Job::reason), if the job fails. The wait continues at a status that this version does not know: set a
    /// [deadline](Wait::deadline).
    pub fn wait_for_job(self) -> Wait<Job> {
        let subject = format!("job {}", self.job_id);
        Wait::for_status(subject, self, Some, label, |job| match &job.status {
            Some(JobStatus::Success) => Verdict::Done,
            Some(JobStatus::Fail) => Verdict::Failed(job.reason()),
            _ => Verdict::Pending,
        })
    }
}

fn label(job: &Job) -> String {
    let mut text = status_label(job.status.as_ref());
    if let Some(progress) = job.progress() {
        text.push_str(&format!(" {:.0}%", progress * 100.0));
    }
    for sub_job in job.sub_jobs() {
        text.push_str(", ");
        text.push_str(&status_label(sub_job.status.as_ref()));
    }
    text
}

impl JobStarted {
    /// The id of the job, for `show_job`. Empty if the service sent none.
    #[must_use]
    pub fn id(&self) -> &str {
        self.job_id.as_deref().unwrap_or_default()
    }
}

impl Job {
    /// The ids of the images that the job and its sub-jobs (data disks, OVA files) have made, and of those whose
    /// members the job has changed. Each id occurs once.
    #[must_use]
    pub fn image_ids(&self) -> Vec<&str> {
        let Some(entities) = &self.entities else { return Vec::new() };
        let of_sub_jobs = self.sub_jobs().iter().filter_map(|job| job.entities.as_ref());
        let mut ids: Vec<&str> = Vec::new();
        let all = [entities.image_id.as_deref()]
            .into_iter()
            .chain(of_sub_jobs.map(|entities| entities.image_id.as_deref()))
            .chain(entities.results.iter().map(|result| result.image_id.as_deref()));
        for id in all.flatten().filter(|id| !id.is_empty()) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// The jobs that this job has started, as far as the service shows them.
    #[must_use]
    pub fn sub_jobs(&self) -> &[SubJob] {
        self.entities.as_ref().map_or(&[], |entities| &entities.sub_jobs_result)
    }

    /// The progress of the job, from 0 to 1, if the service sends it.
    #[must_use]
    pub fn progress(&self) -> Option<f64> {
        self.entities.as_ref()?.process_percent
    }

    /// Why the job has failed, with the error code: from the job itself, or else from its entities, or else from the
    /// first sub-job that failed.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        let own = || reason(self.fail_reason.as_deref(), self.error_code.as_deref());
        let of_entities = || {
            let entities = self.entities.as_ref()?;
            reason(entities.error.as_deref(), entities.error_code.as_deref())
        };
        let of_sub_job = || {
            let mut failed =
                self.sub_jobs().iter().filter(|job| job.status == Some(JobStatus::Fail));
            failed.find_map(|job| reason(job.fail_reason.as_deref(), job.error_code.as_deref()))
        };
        own().or_else(of_entities).or_else(of_sub_job)
    }
}

/// Text and code of an error in one line.
fn reason(text: Option<&str>, code: Option<&str>) -> Option<String> {
    let text = text.filter(|text| !text.is_empty());
    let code = code.filter(|code| !code.is_empty());
    match (text, code) {
        (Some(text), Some(code)) => Some(format!("{text} ({code})")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}
