//! A server of canned answers for measurements: it does nothing but write what was prepared.

#![allow(dead_code)] // no bench uses all of it

#[path = "ami.rs"]
mod ami;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Which service is served.
#[derive(Clone, Copy, PartialEq)]
pub enum Api {
    Ims,
    ParallelCluster,
    Computing,
    /// EC2, in XML.
    Ec2,
    /// The images of EC2 in JSON, which no service has.
    Ec2Json,
}

impl std::str::FromStr for Api {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "ims" => Ok(Self::Ims),
            "parallelcluster" => Ok(Self::ParallelCluster),
            "computing" => Ok(Self::Computing),
            "ec2" => Ok(Self::Ec2),
            "ec2-json" => Ok(Self::Ec2Json),
            other => Err(format!("no API {other}")),
        }
    }
}

/// Where a page says which one follows.
#[derive(Clone, Copy, PartialEq)]
pub enum Next {
    /// Behind the list of images, as Glance does.
    Last,
    /// Before it, as the document of IMS has it.
    First,
}

/// Serves `count` images, `page` of them at a time, and each of them alone, and takes `delay` for each answer.
pub fn start(api: Api, count: usize, page: usize, delay: Duration) -> std::io::Result<String> {
    start_with(api, count, page, delay, Next::Last)
}

/// The same, with the next position where `next` says.
pub fn start_with(
    api: Api,
    count: usize,
    page: usize,
    delay: Duration,
    next: Next,
) -> std::io::Result<String> {
    let items: Vec<String> = (0..page.min(count)).map(|i| item(api, i)).collect();
    let full = list(api, &items);
    let one = one(api);
    listen(move |path, writer| {
        let began = Instant::now();
        let body = if is_one(path) {
            one.clone()
        } else {
            let start = position(path, parameter(api));
            let end = (start + page).min(count);
            let more = end < count;
            match &items[..end - start] {
                all if all.len() == items.len() => page_of(api, end, more, &full, next),
                part => page_of(api, end, more, &list(api, part), next),
            }
        };
        std::thread::sleep(delay.saturating_sub(began.elapsed()));
        let is_xml = api == Api::Ec2;
        let media_type = if is_xml { "text/xml;charset=UTF-8" } else { "application/json" };
        write_head(writer, media_type, body.len())?;
        writer.write_all(body.as_bytes())
    })
}

/// Serves one image of Glance, `image` in JSON, and its data: `pieces` times the piece.
pub fn start_data(image: String, piece: Vec<u8>, pieces: usize) -> std::io::Result<String> {
    listen(move |path, writer| {
        if !path.ends_with("/file") {
            write_head(writer, "application/json", image.len())?;
            return writer.write_all(image.as_bytes());
        }
        write_head(writer, "application/octet-stream", piece.len() * pieces)?;
        (0..pieces).try_for_each(|_| writer.write_all(&piece))
    })
}

/// Calls `answer` with the path of each request, behind which its body stands, in a thread for each connection.
fn listen(
    answer: impl Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
) -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            // An error is the end of the connection.
            std::thread::spawn(move || serve(stream, &*answer).ok());
        }
    });
    Ok(url)
}

fn serve(
    stream: TcpStream,
    answer: &impl Fn(&str, &mut TcpStream) -> std::io::Result<()>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    let mut line = String::new();
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let mut length = 0;
        while reader.read_line(&mut line)? > 2 {
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or_default();
            }
            line.clear();
        }
        line.clear();
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        answer(&(path + &String::from_utf8_lossy(&body)), &mut writer)?;
    }
}

fn write_head(writer: &mut TcpStream, media_type: &str, length: usize) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\nx-request-id: req-0001\r\n\
         date: Wed, 25 Nov 2026 12:00:00 GMT\r\ncontent-length: {length}\r\n\r\n"
    );
    writer.write_all(head.as_bytes())
}

/// Whether a path is that of one image.
fn is_one(path: &str) -> bool {
    path.starts_with("/v2/images/") || path.starts_with("/v3/images/custom/")
}

/// Where a request says from which position on.
fn parameter(api: Api) -> &'static str {
    match api {
        Api::Ims => "marker=",
        Api::Ec2 => "NextToken=",
        _ => "nextToken=",
    }
}

/// The index that a marker or token stands for: its last twelve digits.
fn position(path: &str, parameter: &str) -> usize {
    let Some((_, rest)) = path.split_once(parameter) else { return 0 };
    let value = rest.split('&').next().unwrap_or_default();
    value.get(value.len().saturating_sub(12)..).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// The text of one page: these items, and where those from `end` on are if there are more.
pub fn body(api: Api, end: usize, more: bool, items: &[String]) -> String {
    page_of(api, end, more, &list(api, items), Next::Last)
}

/// The text of a list.
fn list(api: Api, items: &[String]) -> String {
    if api == Api::Ec2 { items.concat() } else { format!("[{}]", items.join(",")) }
}

fn page_of(api: Api, end: usize, more: bool, list: &str, next: Next) -> String {
    if api == Api::Ec2 {
        let next = more.then(|| format!("{end:012}"));
        return ami::page_in_xml(list, next.as_deref());
    }
    let in_order = |rest: String| match next {
        Next::Last => format!(r#"{{"images":{list}{rest}}}"#),
        Next::First if rest.is_empty() => format!(r#"{{"images":{list}}}"#),
        Next::First => format!(r#"{{{},"images":{list}}}"#, &rest[1..]),
    };
    match api {
        Api::Ims => {
            let next = if more {
                format!(r#","next":"/v2/images?limit=1000&marker={}""#, id(end))
            } else {
                String::new()
            };
            in_order(format!(
                r#","first":"/v2/images?limit=1000","schema":"/v2/schemas/images"{next}"#
            ))
        }
        Api::ParallelCluster => in_order(if more {
            format!(r#","nextToken":"arn:aws:x/{end:012}""#)
        } else {
            String::new()
        }),
        Api::Ec2 | Api::Ec2Json => {
            let next = if more { format!(r#","nextToken":"{end:012}""#) } else { String::new() };
            format!(r#"{{"imagesSet":{list}{next}}}"#)
        }
        Api::Computing => {
            format!(
                r#"{{"data":{{"CANADA":{list}}},"message":"All OS retrieved successfully","status":"success"}}"#
            )
        }
    }
}

pub fn id(index: usize) -> String {
    format!("f90e6655-2867-5d29-834b-{index:012}")
}

/// What a service answers when it is asked for one image.
fn one(api: Api) -> String {
    match api {
        Api::ParallelCluster => DESCRIBED.to_owned(),
        _ => item(api, 0),
    }
}

/// An available custom image of ParallelCluster.
const DESCRIBED: &str = r#"{"imageConfiguration":{"url":"https://parallelcluster-us-east-1-v1-do-not-delete.s3.us-east-1.amazonaws.com/parallelcluster/3.16.1/images/custom-image-000000-abcdef/configs/image-config.yaml?AWSAccessKeyId=AKIDEXAMPLE&Expires=1800000000"},"imageId":"custom-image-000000","creationTime":"2026-03-02T09:12:05.000Z","imageBuildStatus":"BUILD_COMPLETE","region":"us-east-1","ec2AmiInfo":{"amiName":"custom-image-000000 2026-03-02T08-41-37.512Z","amiId":"ami-00000000000000000","description":"AWS ParallelCluster AMI for alinux2023, kernel 6.1.159, lustre, efa, dcv","state":"AVAILABLE","tags":[{"key":"parallelcluster:image_id","value":"custom-image-000000"},{"key":"parallelcluster:version","value":"3.16.1"},{"key":"parallelcluster:os","value":"alinux2023"},{"key":"parallelcluster:build_status","value":"available"}],"architecture":"x86_64"},"version":"3.16.1"}"#;

/// One image, the `i`th of its page. Those of Glance are the example in the document of IMS, with the properties that Glance has
/// besides and one that no document names.
pub fn item(api: Api, i: usize) -> String {
    let id = id(i);
    match api {
        Api::Ims => {
            format!(
                r#"{{"schema":"/v2/schemas/image","min_disk":100,"created_at":"2018-09-06T14:03:27Z","__image_source_type":"uds","container_format":"bare","file":"/v2/images/{id}/file","updated_at":"2018-09-06T15:17:33Z","protected":true,"checksum":"d41d8cd98f00b204e9800998ecf8427e","__support_kvm_fpga_type":"VU9P","id":"{id}","__isregistered":"true","min_ram":2048,"__lazyloading":"true","owner":"1bed856811654c1cb661a6ca845ebc77","__os_type":"Linux","__imagetype":"gold","visibility":"public","virtual_env_type":"FusionCompute","tags":["prod"],"__platform":"CentOS","size":{size},"__os_bit":"64","__os_version":"CentOS 7.3 64bit","name":"CentOS 7.3 64bit vivado {i}","self":"/v2/images/{id}","disk_format":"zvhd2","virtual_size":null,"hw_firmware_type":"bios","status":"active","os_hidden":false,"os_hash_algo":"sha512","os_hash_value":"{hash}","stores":"fs","__image_size":"256000"}}"#,
                size = 2_361_393_152_u64 + i as u64,
                hash = "0123456789abcdef".repeat(8),
            )
        }
        Api::ParallelCluster => format!(
            r#"{{"imageId":"custom-image-{i:06}","ec2AmiInfo":{{"amiId":"ami-{i:017}"}},"region":"us-east-1","version":"3.16.1","cloudformationStackArn":"arn:aws:cloudformation:us-east-1:123456789012:stack/custom-image-{i:06}/{id}","imageBuildStatus":"BUILD_COMPLETE","cloudformationStackStatus":"CREATE_COMPLETE"}}"#
        ),
        Api::Computing => format!(
            r#"{{"id":{n},"dc_id":2,"dc_region_id":"66d566ba3a9501001256d6e4","os_id":"66d566c93a9501001{i:07}","os_name":"Ubuntu Server 22.04 LTS R535 CUDA 12.2","os_type":"Ubuntu","region":"CANADA"}}"#,
            n = 42654 + i,
        ),
        Api::Ec2 => ami::in_xml(2, "item", &ami::image(i)),
        Api::Ec2Json => ami::image(i).to_string(),
    }
}
