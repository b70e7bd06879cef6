//! With `serde_json/arbitrary_precision`, which changes how JSON is read in the whole program: numbers that are no
//! integers come as maps.

use cloud_images::computing::Client;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// The client of a service that answers the first request with the first of these, and so on.
async fn client(answers: Vec<String>) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for body in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 64 << 10];
            assert!(socket.read(&mut request).await.unwrap() > 0);
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length";
            let answer = format!("{head}: {}\r\n\r\n{body}", body.len());
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let auth = cloud_images::auth::Bearer::new("token-of-the-test");
    Client::builder().endpoint(url).auth(auth).build().unwrap()
}

#[tokio::test]
async fn a_number_is_read_however_it_is_written() {
    let body = r#"{"status": "success", "data": [{"id": 7.5, "ram": 64.0, "gpu_count": 1e0, "cpu_cores": 8,
        "disk_size": 2.5, "ephemeral": {"a": 1}, "price_per_hour": 1.50}]}"#;
    let page = client(vec![body.to_owned()]).await.instances().list_instances().await.unwrap();
    let instance = &page.data[0];
    assert_eq!(instance.id, "7.5");
    assert_eq!(
        (instance.ram, instance.gpu_count, instance.cpu_cores),
        (Some(64), Some(1), Some(8))
    );
    assert_eq!(instance.price_per_hour.as_deref(), Some("1.50"));
    // What is no integer is still none.
    assert_eq!((instance.disk_size, instance.ephemeral), (None, None));
    let unreadable: Vec<_> = instance.unreadable.iter().map(|(name, _)| name).collect();
    assert_eq!(unreadable, ["disk_size", "ephemeral"]);
    assert!(instance.unreadable.get("disk_size").unwrap().is_number());
}

#[tokio::test]
async fn a_list_goes_on_to_a_total_that_is_written_as_a_float() {
    let page = |id: u8| {
        let keys = format!(r#"[{{"id": {id}.0}}]"#);
        format!(r#"{{"status": "success", "data": {{"total_ssh_keys": 2.0, "ssh_keys": {keys}}}}}"#)
    };
    let mut items = client(vec![page(1), page(2)]).await.ssh_keys().list_ssh_keys().items();
    for id in [1, 2] {
        assert_eq!(items.next_item().await.unwrap().unwrap().id, id);
    }
    assert!(items.next_item().await.is_none());
}
