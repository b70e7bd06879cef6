//! A server of canned pages for measurements: it does nothing but write what was prepared.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// Which service is served.
#[derive(Clone, Copy, PartialEq)]
pub enum Api {
    Ims,
    ParallelCluster,
    Computing,
}

/// Serves `count` images, `page` of them at a time, and waits `delay` before each answer.
pub fn start(api: Api, count: usize, page: usize, delay: Duration) -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let items: Arc<Vec<String>> = Arc::new((0..page.min(count)).map(|i| item(api, i)).collect());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let items = Arc::clone(&items);
            std::thread::spawn(move || serve(stream, api, count, page, delay, &items));
        }
    });
    Ok(url)
}

fn serve(
    stream: TcpStream,
    api: Api,
    count: usize,
    page: usize,
    delay: Duration,
    items: &[String],
) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first).ok()? == 0 {
            return None;
        }
        let mut line = String::new();
        while reader.read_line(&mut line).ok()? > 2 {
            line.clear();
        }
        let start = position(&first, if api == Api::Ims { "marker=" } else { "nextToken=" });
        let end = (start + page).min(count);
        let body = body(api, start, end, end < count, items);
        std::thread::sleep(delay);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        writer.write_all(head.as_bytes()).ok()?;
        writer.write_all(body.as_bytes()).ok()?;
    }
}

/// The index that a marker or token stands for: its last twelve digits.
fn position(request_line: &str, parameter: &str) -> usize {
    let Some((_, rest)) = request_line.split_once(parameter) else { return 0 };
    let value = rest.split(['&', ' ']).next().unwrap_or_default();
    value.get(value.len().saturating_sub(12)..).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// The text of one page: the items from `start` to `end`, and where the next are if there are more.
pub fn body(api: Api, start: usize, end: usize, more: bool, items: &[String]) -> String {
    let list = items[..end - start].join(",");
    match api {
        Api::Ims => {
            let next = if more {
                format!(r#","next":"/v2/images?limit=1000&marker={}""#, id(end))
            } else {
                String::new()
            };
            format!(
                r#"{{"images":[{list}],"first":"/v2/images?limit=1000","schema":"/v2/schemas/images"{next}}}"#
            )
        }
        Api::ParallelCluster => {
            let next =
                if more { format!(r#","nextToken":"arn:aws:x/{end:012}""#) } else { String::new() };
            format!(r#"{{"images":[{list}]{next}}}"#)
        }
        Api::Computing => {
            format!(
                r#"{{"data":{{"CANADA":[{list}]}},"message":"All OS retrieved successfully","status":"success"}}"#
            )
        }
    }
}

fn id(index: usize) -> String {
    format!("f90e6655-2867-5d29-834b-{index:012}")
}

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
    }
}
