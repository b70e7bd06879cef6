/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    /// A box.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct Box {
        /// Its id.
        pub id: crate::types::Text,
        /// The box in it.
        pub inner: ::std::option::Option<::std::boxed::Box<Box>>,
        /// Its layers.
        pub layers: ::std::vec::Vec<Lid>,
        /// Its lid.
        pub lid: ::std::option::Option<Lid>,
        /// When it was made.
        pub made: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// Who made it, in any form.
        pub maker: ::std::option::Option<::serde_json::Value>,
        /// Its name.
        pub name: crate::types::Text,
        /// Whether it opens once.
        pub once: ::std::option::Option<bool>,
        /// What it costs.
        pub price: ::std::option::Option<crate::types::Text>,
        /// Its tags.
        pub tags: ::std::vec::Vec<::std::string::String>,
        /// Its weight in grams.
        pub weight: ::std::option::Option<f64>,
        /// The custom properties: those that have no field of their own.
        pub extra: crate::types::Properties,
        /// The values of an unexpected type that the service sent, by field name. The fields themselves are
        /// then `None` or empty. Normally there are none.
        pub unreadable: crate::types::Unreadable,
    }
    crate::types::open_record! {
        Box { 0u8 "id" id required field crate ::types::Text, 1u8 "inner" inner optional
        field::std::boxed::Box < Box >, 2u8 "layers" layers list
        one_or_many::std::vec::Vec < Lid >, 3u8 "lid" lid optional field Lid, 4u8 "made"
        made optional field::chrono::DateTime < ::chrono::offset::Utc >, 5u8 "maker"
        maker optional field::serde_json::Value, 6u8 "name" name required field crate
        ::types::Text, 7u8 "1x" once optional field bool, 8u8 "price" price optional
        field crate ::types::Text, 9u8 "tags" tags list field::std::vec::Vec <
        ::std::string::String >, 10u8 "weight" weight optional field f64, }
    }
    impl Box {
        /// The properties to copy to another object of this kind, by JSON name: all fields that have a
        /// value, except those that only the service sets, and all custom properties.
        #[must_use]
        pub fn properties(&self) -> crate::types::Properties {
            crate::types::properties_of(self, &["id"])
        }
    }
    /// A page of boxes.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct BoxList {
        /// The boxes.
        pub boxes: ::std::vec::Vec<Box>,
        /// Whether it went well.
        pub ok: ::std::option::Option<bool>,
        /// The values of an unexpected type that the service sent, by field name. The fields themselves are
        /// then `None` or empty. Normally there are none.
        pub unreadable: crate::types::Unreadable,
    }
    crate::types::closed_record! {
        BoxList { 0u8 "boxes" boxes required_list field::std::vec::Vec < Box >, 1u8 "ok"
        ok optional field bool, }
    }
    crate::types::open_enum! {
        #[doc = " A colour."] Colour { Red = "red", DarkBlue = "dark blue", Empty = "",
        True = "True", }
    }
    /// The box.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct CreateBoxBody {
        /// Its key.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub key: ::std::option::Option<::std::string::String>,
        /// Labels.
        #[serde(
            default,
            skip_serializing_if = ":: std :: collections :: BTreeMap::is_empty"
        )]
        pub labels: ::std::collections::BTreeMap<
            ::std::string::String,
            ::std::string::String,
        >,
        /// Its name.
        pub name: ::std::string::String,
        /// The box that it is like.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub template: ::std::option::Option<::std::string::String>,
    }
    impl ::std::fmt::Debug for CreateBoxBody {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("CreateBoxBody")
                .field("key", &format_args!("[redacted]"))
                .field("labels", &self.labels)
                .field("name", &self.name)
                .field("template", &self.template)
                .finish()
        }
    }
    /// What went wrong.
    #[derive(Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Failure {
        /// In words.
        pub message: ::std::option::Option<::std::string::String>,
        /// The values of an unexpected type that the service sent, by field name. The fields themselves are
        /// then `None` or empty. Normally there are none.
        pub unreadable: crate::types::Unreadable,
    }
    crate::types::closed_record! {
        Failure { 0u8 "message" message optional field::std::string::String, }
    }
    /// A lid.
    #[derive(Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Lid {
        /// A colour.
        pub lid_colour: ::std::option::Option<Colour>,
        /// The values of an unexpected type that the service sent, by field name. The fields themselves are
        /// then `None` or empty. Normally there are none.
        pub unreadable: crate::types::Unreadable,
    }
    crate::types::closed_record! {
        Lid { 0u8 "lidColour" lid_colour optional field Colour, }
    }
    /// The body of Login.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct LoginBody {
        /// Password of the player.
        pub password: ::std::string::String,
        /// Name of the player.
        pub user: ::std::string::String,
    }
    impl ::std::fmt::Debug for LoginBody {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("LoginBody")
                .field("password", &format_args!("[redacted]"))
                .field("user", &self.user)
                .finish()
        }
    }
    /// A session.
    #[derive(Clone, PartialEq)]
    #[non_exhaustive]
    pub struct LoginResponse {
        /// What to send.
        pub token: ::std::string::String,
        /// The values of an unexpected type that the service sent, by field name. The fields themselves are
        /// then `None` or empty. Normally there are none.
        pub unreadable: crate::types::Unreadable,
    }
    crate::types::closed_record! {
        LoginResponse { 0u8 "token" token required field::std::string::String, }
    }
    impl ::std::fmt::Debug for LoginResponse {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("LoginResponse")
                .field("token", &format_args!("[redacted]"))
                .field("unreadable", &self.unreadable)
                .finish()
        }
    }
    /// The lid, or its box.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    #[non_exhaustive]
    pub enum ShowLidResponse {
        /// A value of type `ShowLidResponseBoxedLid`.
        ShowLidResponseBoxedLid(ShowLidResponseBoxedLid),
        /// A value of type `Lid`.
        Lid(Lid),
    }
    crate::types::lenient_by_value!(ShowLidResponse);
    impl ::std::convert::From<ShowLidResponseBoxedLid> for ShowLidResponse {
        fn from(value: ShowLidResponseBoxedLid) -> Self {
            Self::ShowLidResponseBoxedLid(value)
        }
    }
    impl ::std::convert::From<Lid> for ShowLidResponse {
        fn from(value: Lid) -> Self {
            Self::Lid(value)
        }
    }
    /// A lid on a box.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ShowLidResponseBoxedLid {
        /// The box.
        pub box_: Box,
        /// The values of an unexpected type that the service sent, by field name. The fields themselves are
        /// then `None` or empty. Normally there are none.
        pub unreadable: crate::types::Unreadable,
    }
    crate::types::closed_record! {
        ShowLidResponseBoxedLid { 0u8 "box" box_ required field Box, }
    }
}
/// What builds the requests, as progenitor wrote it.
#[allow(clippy::all, unused_imports)]
mod wire {
    use super::types;
    use crate::client::progenitor as progenitor_client;
    pub(super) fn list_boxes<'a>(
        call: &crate::client::Call,
        api_version: &'a str,
        colour: Option<&'a ::std::vec::Vec<types::Colour>>,
        page: Option<i64>,
        per_page: Option<i64>,
        zone: Option<&'a str>,
        x_filter: Option<&'a str>,
    ) -> Result<Box<reqwest::Request>, progenitor_client::Error> {
        let url = call.url(&progenitor_client::path("/boxes", &[]))?;
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
        if let Some(value) = x_filter {
            header_map.append("X-Filter", value.to_string().try_into()?);
        }
        #[allow(unused_mut)]
        let mut request = progenitor_client::Http
            .get(url)
            .accept("application/json")
            .headers(header_map)
            .build()?;
        progenitor_client::append_query(
            request.url_mut(),
            &[
                ("api-version", &api_version),
                ("colour", &colour),
                ("page", &page),
                ("per_page", &per_page),
                ("zone", &zone),
            ],
        );
        Ok(request)
    }
    pub(super) fn create_box<'a>(
        call: &crate::client::Call,
        body: &'a types::CreateBoxBody,
    ) -> Result<Box<reqwest::Request>, progenitor_client::Error> {
        let url = call.url(&progenitor_client::path("/boxes", &[]))?;
        #[allow(unused_mut)]
        let mut request = progenitor_client::Http
            .post(url)
            .accept("application/json")
            .json(&body)
            .build()?;
        Ok(request)
    }
    pub(super) fn show_box<'a>(
        call: &crate::client::Call,
        box_id: &'a str,
    ) -> Result<Box<reqwest::Request>, progenitor_client::Error> {
        let url = call.url(&progenitor_client::path("/boxes/{}", &[&box_id]))?;
        #[allow(unused_mut)]
        let mut request = progenitor_client::Http
            .get(url)
            .accept("application/json")
            .build()?;
        Ok(request)
    }
    pub(super) fn delete_box<'a>(
        call: &crate::client::Call,
        box_id: &'a str,
    ) -> Result<Box<reqwest::Request>, progenitor_client::Error> {
        let url = call.url(&progenitor_client::path("/boxes/{}", &[&box_id]))?;
        #[allow(unused_mut)]
        let mut request = progenitor_client::Http.delete(url).build()?;
        Ok(request)
    }
    pub(super) fn show_lid<'a>(
        call: &crate::client::Call,
        lid: i64,
    ) -> Result<Box<reqwest::Request>, progenitor_client::Error> {
        let url = call.url(&progenitor_client::path("/lids/{}", &[&lid]))?;
        #[allow(unused_mut)]
        let mut request = progenitor_client::Http
            .get(url)
            .accept("application/json")
            .build()?;
        Ok(request)
    }
    pub(super) fn login<'a>(
        call: &crate::client::Call,
        body: &'a types::LoginBody,
    ) -> Result<Box<reqwest::Request>, progenitor_client::Error> {
        let url = call.url(&progenitor_client::path("/session", &[]))?;
        #[allow(unused_mut)]
        let mut request = progenitor_client::Http
            .post(url)
            .accept("application/json")
            .form_urlencoded(&body)?
            .build()?;
        Ok(request)
    }
}
/**A client for the service "Toys".

The operations are grouped by subject, each group in an `...Api` struct.

Cloning is cheap: the clones share connections, credentials and settings.*/
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) shared: ::std::sync::Arc<crate::client::Shared>,
}
impl Client {
    /// Configures a client.
    #[must_use]
    pub fn builder() -> crate::ClientBuilder<Self> {
        crate::ClientBuilder::new()
    }
}
impl crate::Service for Client {}
impl crate::client::sealed::Service for Client {
    fn from_shared(shared: ::std::sync::Arc<crate::client::Shared>) -> Self {
        Self { shared }
    }
}
///Who plays.
///
///Returned by [`sessions`](Client::sessions) of the client. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct SessionsApi {
    pub(crate) shared: ::std::sync::Arc<crate::client::Shared>,
}
impl SessionsApi {
    /**Begin to play.

# Parameters

* `user`: Name of the player.
* `password`: Password of the player.

# Examples

```no_run
# async fn example(client: cloud_images::toys::Client) -> cloud_images::Result<()> {
let answer = client.sessions().login("my-user", "my-password").await?;
println!("{answer:?}");
# Ok(()) }
```

# Errors

[`ErrorKind`](crate::ErrorKind) lists what every call may fail with.*/
    pub fn login(
        &self,
        user: impl Into<::std::string::String>,
        password: impl Into<::std::string::String>,
    ) -> requests::Login {
        requests::Login {
            shared: ::std::sync::Arc::clone(&self.shared),
            options: ::std::default::Default::default(),
            user: user.into(),
            password: password.into(),
        }
    }
    /// The client that this is part of.
    #[allow(dead_code)]
    pub(crate) fn client(&self) -> Client {
        Client {
            shared: ::std::sync::Arc::clone(&self.shared),
        }
    }
}
impl Client {
    ///Who plays.
    #[must_use]
    pub fn sessions(&self) -> SessionsApi {
        SessionsApi {
            shared: ::std::sync::Arc::clone(&self.shared),
        }
    }
}
///Boxes and what is in them.
///
///Returned by [`toy_boxes`](Client::toy_boxes) of the client. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct ToyBoxesApi {
    pub(crate) shared: ::std::sync::Arc<crate::client::Shared>,
}
impl ToyBoxesApi {
    /**List boxes.

The names that `show_box` knows. `lid_colour` is not in them.

# Examples

```no_run
# async fn example(client: cloud_images::toys::Client) -> cloud_images::Result<()> {
use futures::TryStreamExt;

let mut items = client.toy_boxes().list_boxes().items();
while let Some(item) = items.try_next().await? {
    println!("{item:?}");
}
# Ok(()) }
```

# Errors

[`ErrorKind`](crate::ErrorKind) lists what every call may fail with. [`Error::body`](crate::Error::body) reads the response body of these statuses:

* 4xx: [`Failure`](types::Failure)
* any other: [`Failure`](types::Failure)*/
    pub fn list_boxes(&self) -> requests::ListBoxes {
        requests::ListBoxes {
            shared: ::std::sync::Arc::clone(&self.shared),
            options: ::std::default::Default::default(),
            resumed: None,
            zone: ::std::default::Default::default(),
            colour: ::std::default::Default::default(),
            x_filter: ::std::default::Default::default(),
            page: ::std::default::Default::default(),
            per_page: ::std::default::Default::default(),
        }
    }
    /**Make a box.

# Parameters

* `name`: Its name.

# Examples

```no_run
# async fn example(client: cloud_images::toys::Client) -> cloud_images::Result<()> {
let answer = client.toy_boxes().create_box("my-name").await?;
println!("{answer:?}");
# Ok(()) }
```

# Errors

[`ErrorKind`](crate::ErrorKind) lists what every call may fail with. [`Error::body`](crate::Error::body) reads the response body of these statuses:

* any other: [`Failure`](types::Failure)*/
    pub fn create_box(
        &self,
        name: impl Into<::std::string::String>,
    ) -> requests::CreateBox {
        requests::CreateBox {
            shared: ::std::sync::Arc::clone(&self.shared),
            options: ::std::default::Default::default(),
            name: name.into(),
            key: ::std::default::Default::default(),
            labels: ::std::default::Default::default(),
            template: ::std::default::Default::default(),
        }
    }
    /**Show a box.

# Parameters

* `box_id`: Id or name of the box.

# Examples

```no_run
# async fn example(client: cloud_images::toys::Client) -> cloud_images::Result<()> {
let answer = client.toy_boxes().show_box("my-box").await?;
println!("{answer:?}");
# Ok(()) }
```

# Errors

[`ErrorKind`](crate::ErrorKind) lists what every call may fail with. [`Error::body`](crate::Error::body) reads the response body of these statuses:

* any other: [`Failure`](types::Failure)*/
    pub fn show_box(&self, box_id: impl Into<crate::types::Text>) -> requests::ShowBox {
        requests::ShowBox {
            shared: ::std::sync::Arc::clone(&self.shared),
            options: ::std::default::Default::default(),
            box_id: box_id.into(),
        }
    }
    /**Throw a box away.

# Parameters

* `box_id`: Id or name of the box.

# Examples

```no_run
# async fn example(client: cloud_images::toys::Client) -> cloud_images::Result<()> {
client.toy_boxes().delete_box("my-box").await?;
# Ok(()) }
```

# Errors

[`ErrorKind`](crate::ErrorKind) lists what every call may fail with. [`Error::body`](crate::Error::body) reads the response body of these statuses:

* any other: [`Failure`](types::Failure)*/
    pub fn delete_box(
        &self,
        box_id: impl Into<crate::types::Text>,
    ) -> requests::DeleteBox {
        requests::DeleteBox {
            shared: ::std::sync::Arc::clone(&self.shared),
            options: ::std::default::Default::default(),
            box_id: box_id.into(),
        }
    }
    /**Show a lid, or the box that it is on.

# Parameters

* `lid`: Number of the lid.

# Examples

```no_run
# async fn example(client: cloud_images::toys::Client) -> cloud_images::Result<()> {
let answer = client.toy_boxes().show_lid(42).await?;
println!("{answer:?}");
# Ok(()) }
```

# Errors

[`ErrorKind`](crate::ErrorKind) lists what every call may fail with.*/
    pub fn show_lid(&self, lid: impl Into<i64>) -> requests::ShowLid {
        requests::ShowLid {
            shared: ::std::sync::Arc::clone(&self.shared),
            options: ::std::default::Default::default(),
            lid: lid.into(),
        }
    }
    /// The client that this is part of.
    #[allow(dead_code)]
    pub(crate) fn client(&self) -> Client {
        Client {
            shared: ::std::sync::Arc::clone(&self.shared),
        }
    }
}
impl Client {
    ///Boxes and what is in them.
    #[must_use]
    pub fn toy_boxes(&self) -> ToyBoxesApi {
        ToyBoxesApi {
            shared: ::std::sync::Arc::clone(&self.shared),
        }
    }
}
/// The request of each operation. The methods of the `...Api` structs make them.
pub mod requests {
    use super::types;
    /**List boxes.

The names that `show_box` knows. `lid_colour` is not in them.

[`ToyBoxesApi::list_boxes`](super::ToyBoxesApi::list_boxes) makes this request. It is sent when it is awaited, or by [`send`](Self::send).*/
    #[derive(Clone, Debug)]
    #[must_use = "a request does nothing until it is awaited"]
    pub struct ListBoxes {
        pub(crate) shared: ::std::sync::Arc<crate::client::Shared>,
        pub(crate) options: crate::client::Options,
        pub(crate) resumed: Option<crate::pagination::Cursor>,
        pub(crate) zone: Option<String>,
        pub(crate) colour: Vec<types::Colour>,
        pub(crate) x_filter: Option<String>,
        pub(crate) page: Option<i64>,
        pub(crate) per_page: Option<i64>,
    }
    impl ListBoxes {
        ///Only boxes of this zone.
        pub fn zone(mut self, zone: impl Into<String>) -> Self {
            self.zone = Some(zone.into());
            self
        }
        ///Only boxes of these colours.
        ///
        /// Each call adds one.
        pub fn colour(mut self, colour: impl Into<types::Colour>) -> Self {
            self.colour.push(colour.into());
            self
        }
        ///A filter.
        pub fn x_filter(mut self, x_filter: impl Into<String>) -> Self {
            self.x_filter = Some(x_filter.into());
            self
        }
        ///Number of the page.
        pub fn page(mut self, page: impl Into<i64>) -> Self {
            self.page = Some(page.into());
            self
        }
        crate::client::call_settings!();
        /// Sends the request and returns the body with the status, the headers and the request id.
        ///
        /// # Errors
        ///
        ///Those of [`ToyBoxesApi::list_boxes`](super::ToyBoxesApi::list_boxes).
        pub async fn send(self) -> crate::Result<crate::Response<types::BoxList>> {
            crate::client::send(self).await
        }
    }
    impl crate::client::Request for ListBoxes {
        fn operation(&self) -> &'static crate::operation::Operation {
            &super::operations::LIST_BOXES
        }
        fn shared(&self) -> &::std::sync::Arc<crate::client::Shared> {
            &self.shared
        }
        fn options(&self) -> &crate::client::Options {
            &self.options
        }
        fn check(&self) -> crate::Result<()> {
            if let Some(cursor) = &self.resumed {
                let fingerprint = crate::pagination::Paged::fingerprint(self);
                cursor.check(&<Self as crate::pagination::Paged>::RULES, fingerprint)?;
            }
            Ok(())
        }
        #[allow(clippy::clone_on_copy)]
        fn build(
            &self,
            call: &crate::client::Call,
        ) -> crate::Result<Box<reqwest::Request>> {
            Ok(
                super::wire::list_boxes(
                    call,
                    "2024-01-01",
                    (!self.colour.is_empty()).then_some(&self.colour),
                    self.page.clone(),
                    self.per_page.clone(),
                    self.zone.as_deref(),
                    self.x_filter.as_deref(),
                )?,
            )
        }
    }
    impl crate::client::Typed for ListBoxes {
        type Output = types::BoxList;
        fn read(
            &self,
            response: &mut crate::client::RawResponse,
        ) -> crate::Result<types::BoxList> {
            response.read()
        }
    }
    impl ::std::future::IntoFuture for ListBoxes {
        type Output = crate::Result<types::BoxList>;
        type IntoFuture = crate::BoxFuture<'static, Self::Output>;
        fn into_future(self) -> Self::IntoFuture {
            crate::client::send_for_body(self)
        }
    }
    impl ListBoxes {
        /**Items per page, from 2 to 50. A value outside this range is clamped to it.

Sets `per_page` of the service. It limits a page, not the whole list.*/
        pub fn page_size(mut self, items: u32) -> Self {
            self.per_page = Some(items.clamp(2u32, 50u32).into());
            self
        }
        /// Streams the pages: each element is the body of one response. See [`crate::pagination`].
        ///
        ///Starts at the first page, or where [`resume`](Self::resume) says. Requests 50 items per page, unless [`page_size`](Self::page_size) is set.
        pub fn pages(self) -> crate::pagination::Pages<types::BoxList> {
            crate::pagination::Pages::new(self)
        }
        /// Streams the items of all pages. See [`crate::pagination`].
        ///
        ///Starts at the first page, or where [`resume`](Self::resume) says. Requests 50 items per page, unless [`page_size`](Self::page_size) is set.
        pub fn items(self) -> crate::pagination::Items<types::Box> {
            crate::pagination::Items::new(self)
        }
        /// Continues at the position of an earlier stream of the same request.
        ///
        /// If the cursor belongs to a request with other parameters, this one fails with
        /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) and is not sent. Awaiting the
        /// request, instead of streaming, returns the whole page at that position.
        #[allow(unused_mut)]
        pub fn resume(mut self, cursor: crate::pagination::Cursor) -> Self {
            crate::pagination::Paged::fill_page_size(&mut self);
            self.page = cursor.value().and_then(|number| number.parse().ok());
            self.resumed = Some(cursor);
            self
        }
    }
    impl crate::pagination::Paged for ListBoxes {
        type Page = types::BoxList;
        type Item = types::Box;
        const RULES: crate::pagination::Rules = crate::pagination::Rules {
            operation: &super::operations::LIST_BOXES,
            items: &["boxes"],
            next: crate::pagination::Next::Header {
                name: "Link",
                rel: "next",
                take: "page",
            },
            end: crate::pagination::End::Absent,
            largest: Some(i64::MAX as u64),
        };
        fn resumed(&self) -> Option<&crate::pagination::Cursor> {
            self.resumed.as_ref()
        }
        fn position(&self) -> Option<String> {
            self.page.as_ref().map(::std::string::ToString::to_string)
        }
        fn fingerprint(&self) -> u64 {
            #[allow(unused_mut)]
            let mut fingerprint = crate::pagination::Fingerprint::default();
            fingerprint.add("zone", &self.zone);
            fingerprint.add("colour", &self.colour);
            fingerprint.add("X-Filter", &self.x_filter);
            fingerprint.add("per_page", &self.per_page);
            fingerprint.finish()
        }
        #[allow(unused_mut, unused_variables)]
        fn at(mut self, position: Option<&str>) -> Self {
            self.resumed = None;
            self.page = position.and_then(|number| number.parse().ok());
            self
        }
        fn fill_page_size(&mut self) {
            self.per_page.get_or_insert_with(|| 50u32.into());
        }
        fn asked_size(&self) -> Option<u64> {
            self.per_page.and_then(|items| items.try_into().ok())
        }
        fn send_for_response(
            self,
            beginning: ::std::option::Option<crate::client::Beginning>,
        ) -> crate::BoxFuture<'static, crate::Result<crate::client::RawResponse>> {
            crate::client::send_for_response(::std::boxed::Box::new(self), beginning)
        }
        fn read(
            &self,
            response: &mut crate::client::RawResponse,
        ) -> crate::Result<Self::Page> {
            crate::client::Typed::read(self, response)
        }
        fn into_items(page: Self::Page) -> Vec<Self::Item> {
            page.boxes
        }
    }
    /**Make a box.

[`ToyBoxesApi::create_box`](super::ToyBoxesApi::create_box) makes this request. It is sent when it is awaited, or by [`send`](Self::send).*/
    #[derive(Clone)]
    #[must_use = "a request does nothing until it is awaited"]
    pub struct CreateBox {
        pub(crate) shared: ::std::sync::Arc<crate::client::Shared>,
        pub(crate) options: crate::client::Options,
        pub(crate) name: ::std::string::String,
        pub(crate) key: Option<::std::string::String>,
        pub(crate) labels: ::std::collections::BTreeMap<String, String>,
        pub(crate) template: Option<::std::string::String>,
    }
    impl ::std::fmt::Debug for CreateBox {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("CreateBox")
                .field("shared", &self.shared)
                .field("options", &self.options)
                .field("name", &self.name)
                .field("key", &format_args!("[redacted]"))
                .field("labels", &self.labels)
                .field("template", &self.template)
                .finish()
        }
    }
    impl CreateBox {
        ///Its key.
        pub fn key(mut self, key: impl Into<::std::string::String>) -> Self {
            self.key = Some(key.into());
            self
        }
        ///Labels.
        ///
        /// Each call adds one.
        pub fn label(
            mut self,
            name: impl Into<String>,
            value: impl Into<String>,
        ) -> Self {
            self.labels.insert(name.into(), value.into());
            self
        }
        ///The box that it is like.
        pub fn template(mut self, template: impl Into<::std::string::String>) -> Self {
            self.template = Some(template.into());
            self
        }
        crate::client::call_settings!();
        /// Sends the request and returns the body with the status, the headers and the request id.
        ///
        /// # Errors
        ///
        ///Those of [`ToyBoxesApi::create_box`](super::ToyBoxesApi::create_box).
        pub async fn send(self) -> crate::Result<crate::Response<types::Box>> {
            crate::client::send(self).await
        }
    }
    impl crate::client::Request for CreateBox {
        fn operation(&self) -> &'static crate::operation::Operation {
            &super::operations::CREATE_BOX
        }
        fn shared(&self) -> &::std::sync::Arc<crate::client::Shared> {
            &self.shared
        }
        fn options(&self) -> &crate::client::Options {
            &self.options
        }
        #[allow(clippy::clone_on_copy)]
        fn build(
            &self,
            call: &crate::client::Call,
        ) -> crate::Result<Box<reqwest::Request>> {
            let body = &types::CreateBoxBody {
                key: self.key.clone(),
                labels: self.labels.clone(),
                template: self.template.clone(),
                name: self.name.clone(),
            };
            Ok(super::wire::create_box(call, body)?)
        }
    }
    impl crate::client::Typed for CreateBox {
        type Output = types::Box;
        fn read(
            &self,
            response: &mut crate::client::RawResponse,
        ) -> crate::Result<types::Box> {
            response.read()
        }
    }
    impl ::std::future::IntoFuture for CreateBox {
        type Output = crate::Result<types::Box>;
        type IntoFuture = crate::BoxFuture<'static, Self::Output>;
        fn into_future(self) -> Self::IntoFuture {
            crate::client::send_for_body(self)
        }
    }
    /**Show a box.

[`ToyBoxesApi::show_box`](super::ToyBoxesApi::show_box) makes this request. It is sent when it is awaited, or by [`send`](Self::send).*/
    #[derive(Clone, Debug)]
    #[must_use = "a request does nothing until it is awaited"]
    pub struct ShowBox {
        pub(crate) shared: ::std::sync::Arc<crate::client::Shared>,
        pub(crate) options: crate::client::Options,
        pub(crate) box_id: crate::types::Text,
    }
    impl ShowBox {
        crate::client::call_settings!();
        /// Sends the request and returns the body with the status, the headers and the request id.
        ///
        /// # Errors
        ///
        ///Those of [`ToyBoxesApi::show_box`](super::ToyBoxesApi::show_box).
        pub async fn send(self) -> crate::Result<crate::Response<types::Box>> {
            crate::client::send(self).await
        }
    }
    impl crate::client::Request for ShowBox {
        fn operation(&self) -> &'static crate::operation::Operation {
            &super::operations::SHOW_BOX
        }
        fn shared(&self) -> &::std::sync::Arc<crate::client::Shared> {
            &self.shared
        }
        fn options(&self) -> &crate::client::Options {
            &self.options
        }
        fn check(&self) -> crate::Result<()> {
            crate::client::check_path_segment(
                &super::operations::SHOW_BOX,
                "boxId",
                self.box_id.as_ref(),
            )?;
            crate::client::progenitor::refuse(
                &super::operations::SHOW_BOX,
                "boxId",
                self.box_id.as_ref(),
                "#",
            )?;
            Ok(())
        }
        #[allow(clippy::clone_on_copy)]
        fn build(
            &self,
            call: &crate::client::Call,
        ) -> crate::Result<Box<reqwest::Request>> {
            Ok(super::wire::show_box(call, &self.box_id)?)
        }
    }
    impl crate::client::Typed for ShowBox {
        type Output = types::Box;
        fn read(
            &self,
            response: &mut crate::client::RawResponse,
        ) -> crate::Result<types::Box> {
            response.read()
        }
    }
    impl ::std::future::IntoFuture for ShowBox {
        type Output = crate::Result<types::Box>;
        type IntoFuture = crate::BoxFuture<'static, Self::Output>;
        fn into_future(self) -> Self::IntoFuture {
            crate::client::send_for_body(self)
        }
    }
    /**Throw a box away.

[`ToyBoxesApi::delete_box`](super::ToyBoxesApi::delete_box) makes this request. It is sent when it is awaited, or by [`send`](Self::send).*/
    #[derive(Clone, Debug)]
    #[must_use = "a request does nothing until it is awaited"]
    pub struct DeleteBox {
        pub(crate) shared: ::std::sync::Arc<crate::client::Shared>,
        pub(crate) options: crate::client::Options,
        pub(crate) box_id: crate::types::Text,
    }
    impl DeleteBox {
        crate::client::call_settings!();
        /// Sends the request and returns the body with the status, the headers and the request id.
        ///
        /// # Errors
        ///
        ///Those of [`ToyBoxesApi::delete_box`](super::ToyBoxesApi::delete_box).
        pub async fn send(self) -> crate::Result<crate::Response<()>> {
            crate::client::send(self).await
        }
    }
    impl crate::client::Request for DeleteBox {
        fn operation(&self) -> &'static crate::operation::Operation {
            &super::operations::DELETE_BOX
        }
        fn shared(&self) -> &::std::sync::Arc<crate::client::Shared> {
            &self.shared
        }
        fn options(&self) -> &crate::client::Options {
            &self.options
        }
        fn check(&self) -> crate::Result<()> {
            crate::client::check_path_segment(
                &super::operations::DELETE_BOX,
                "boxId",
                self.box_id.as_ref(),
            )?;
            crate::client::progenitor::refuse(
                &super::operations::DELETE_BOX,
                "boxId",
                self.box_id.as_ref(),
                "#",
            )?;
            Ok(())
        }
        #[allow(clippy::clone_on_copy)]
        fn build(
            &self,
            call: &crate::client::Call,
        ) -> crate::Result<Box<reqwest::Request>> {
            Ok(super::wire::delete_box(call, &self.box_id)?)
        }
    }
    impl crate::client::Typed for DeleteBox {
        type Output = ();
        fn read(&self, _: &mut crate::client::RawResponse) -> crate::Result<()> {
            Ok(())
        }
    }
    impl ::std::future::IntoFuture for DeleteBox {
        type Output = crate::Result<()>;
        type IntoFuture = crate::BoxFuture<'static, Self::Output>;
        fn into_future(self) -> Self::IntoFuture {
            crate::client::send_for_body(self)
        }
    }
    impl From<&DeleteBox> for ShowBox {
        fn from(request: &DeleteBox) -> Self {
            Self {
                shared: ::std::sync::Arc::clone(&request.shared),
                options: request.options.clone(),
                box_id: request.box_id.clone(),
            }
        }
    }
    /**Show a lid, or the box that it is on.

[`ToyBoxesApi::show_lid`](super::ToyBoxesApi::show_lid) makes this request. It is sent when it is awaited, or by [`send`](Self::send).*/
    #[derive(Clone, Debug)]
    #[must_use = "a request does nothing until it is awaited"]
    pub struct ShowLid {
        pub(crate) shared: ::std::sync::Arc<crate::client::Shared>,
        pub(crate) options: crate::client::Options,
        pub(crate) lid: i64,
    }
    impl ShowLid {
        crate::client::call_settings!();
        /// Sends the request and returns the body with the status, the headers and the request id.
        ///
        /// # Errors
        ///
        ///Those of [`ToyBoxesApi::show_lid`](super::ToyBoxesApi::show_lid).
        pub async fn send(
            self,
        ) -> crate::Result<crate::Response<types::ShowLidResponse>> {
            crate::client::send(self).await
        }
    }
    impl crate::client::Request for ShowLid {
        fn operation(&self) -> &'static crate::operation::Operation {
            &super::operations::SHOW_LID
        }
        fn shared(&self) -> &::std::sync::Arc<crate::client::Shared> {
            &self.shared
        }
        fn options(&self) -> &crate::client::Options {
            &self.options
        }
        #[allow(clippy::clone_on_copy)]
        fn build(
            &self,
            call: &crate::client::Call,
        ) -> crate::Result<Box<reqwest::Request>> {
            Ok(super::wire::show_lid(call, self.lid.clone())?)
        }
    }
    impl crate::client::Typed for ShowLid {
        type Output = types::ShowLidResponse;
        fn read(
            &self,
            response: &mut crate::client::RawResponse,
        ) -> crate::Result<types::ShowLidResponse> {
            response.read()
        }
    }
    impl ::std::future::IntoFuture for ShowLid {
        type Output = crate::Result<types::ShowLidResponse>;
        type IntoFuture = crate::BoxFuture<'static, Self::Output>;
        fn into_future(self) -> Self::IntoFuture {
            crate::client::send_for_body(self)
        }
    }
    /**Begin to play.

[`SessionsApi::login`](super::SessionsApi::login) makes this request. It is sent when it is awaited, or by [`send`](Self::send).*/
    #[derive(Clone)]
    #[must_use = "a request does nothing until it is awaited"]
    pub struct Login {
        pub(crate) shared: ::std::sync::Arc<crate::client::Shared>,
        pub(crate) options: crate::client::Options,
        pub(crate) user: ::std::string::String,
        pub(crate) password: ::std::string::String,
    }
    impl ::std::fmt::Debug for Login {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("Login")
                .field("shared", &self.shared)
                .field("options", &self.options)
                .field("user", &self.user)
                .field("password", &format_args!("[redacted]"))
                .finish()
        }
    }
    impl Login {
        crate::client::call_settings!();
        /// Sends the request and returns the body with the status, the headers and the request id.
        ///
        /// # Errors
        ///
        ///Those of [`SessionsApi::login`](super::SessionsApi::login).
        pub async fn send(self) -> crate::Result<crate::Response<types::LoginResponse>> {
            crate::client::send(self).await
        }
    }
    impl crate::client::Request for Login {
        fn operation(&self) -> &'static crate::operation::Operation {
            &super::operations::LOGIN
        }
        fn shared(&self) -> &::std::sync::Arc<crate::client::Shared> {
            &self.shared
        }
        fn options(&self) -> &crate::client::Options {
            &self.options
        }
        #[allow(clippy::clone_on_copy)]
        fn build(
            &self,
            call: &crate::client::Call,
        ) -> crate::Result<Box<reqwest::Request>> {
            let body = &types::LoginBody {
                user: self.user.clone(),
                password: self.password.clone(),
            };
            Ok(super::wire::login(call, body)?)
        }
    }
    impl crate::client::Typed for Login {
        type Output = types::LoginResponse;
        fn read(
            &self,
            response: &mut crate::client::RawResponse,
        ) -> crate::Result<types::LoginResponse> {
            response.read()
        }
    }
    impl ::std::future::IntoFuture for Login {
        type Output = crate::Result<types::LoginResponse>;
        type IntoFuture = crate::BoxFuture<'static, Self::Output>;
        fn into_future(self) -> Self::IntoFuture {
            crate::client::send_for_body(self)
        }
    }
}
pub(crate) mod operations {
    use crate::operation::{Failure, Operation};
    static FAILURE_0: Failure = Failure {
        code: &[&["error", "code"]],
        message: &[&["error", "text"], &["message"]],
        field: &[],
        reason: &[],
        success: Some((&["ok"], "false")),
        kinds: &[
            ("box.gone", crate::ErrorKind::NotFound),
            ("10", crate::ErrorKind::Server),
            ("11", crate::ErrorKind::Timeout),
            ("12", crate::ErrorKind::TooLarge),
            ("13", crate::ErrorKind::Unauthorized),
            ("14", crate::ErrorKind::UnexpectedStatus),
            ("15", crate::ErrorKind::UnsupportedMediaType),
            ("16", crate::ErrorKind::NoSuchApi),
            ("17", crate::ErrorKind::InvalidPageToken),
            ("1", crate::ErrorKind::BadRequest),
            ("2", crate::ErrorKind::Conflict),
            ("3", crate::ErrorKind::Damaged),
            ("4", crate::ErrorKind::DryRun),
            ("5", crate::ErrorKind::Failed),
            ("6", crate::ErrorKind::Forbidden),
            ("7", crate::ErrorKind::InvalidRequest),
            ("8", crate::ErrorKind::NoData),
            ("9", crate::ErrorKind::RangeNotSatisfiable),
            ("busy/*", crate::ErrorKind::Throttled),
        ],
        messages: &[("try again", crate::ErrorKind::Throttled)],
        statuses: &[(412u16, crate::ErrorKind::DryRun)],
        window: Some("wait:"),
    };
    pub static LIST_BOXES: Operation = Operation {
        api: "toys",
        name: "list_boxes",
        protocol: crate::operation::Protocol::Rest,
        media_type: None,
        optional_body: false,
        streams: false,
        successes: &[],
        idempotent: true,
        retry_statuses: &[429u16],
        errors: &[(400u16..=499u16, "Failure"), (400u16..=599u16, "Failure")],
        failure: &FAILURE_0,
        quota: Some(crate::operation::Quota {
            name: "list_boxes",
            calls: 20u32,
            seconds: 60u32,
        }),
    };
    pub static CREATE_BOX: Operation = Operation {
        api: "toys",
        name: "create_box",
        protocol: crate::operation::Protocol::Rest,
        media_type: None,
        optional_body: false,
        streams: false,
        successes: &[],
        idempotent: false,
        retry_statuses: &[],
        errors: &[(400u16..=599u16, "Failure")],
        failure: &FAILURE_0,
        quota: Some(crate::operation::Quota {
            name: "toys",
            calls: 400u32,
            seconds: 60u32,
        }),
    };
    pub static SHOW_BOX: Operation = Operation {
        api: "toys",
        name: "show_box",
        protocol: crate::operation::Protocol::Rest,
        media_type: None,
        optional_body: false,
        streams: false,
        successes: &[],
        idempotent: true,
        retry_statuses: &[429u16],
        errors: &[(400u16..=599u16, "Failure")],
        failure: &FAILURE_0,
        quota: Some(crate::operation::Quota {
            name: "toys",
            calls: 400u32,
            seconds: 60u32,
        }),
    };
    pub static DELETE_BOX: Operation = Operation {
        api: "toys",
        name: "delete_box",
        protocol: crate::operation::Protocol::Rest,
        media_type: None,
        optional_body: false,
        streams: false,
        successes: &[],
        idempotent: true,
        retry_statuses: &[],
        errors: &[(400u16..=599u16, "Failure")],
        failure: &FAILURE_0,
        quota: Some(crate::operation::Quota {
            name: "toys",
            calls: 400u32,
            seconds: 60u32,
        }),
    };
    static FAILURE_1: Failure = Failure {
        code: &[],
        message: &[&["message"]],
        field: &[],
        reason: &[],
        success: None,
        kinds: &[],
        messages: &[],
        statuses: &[],
        window: None,
    };
    pub static SHOW_LID: Operation = Operation {
        api: "toys",
        name: "show_lid",
        protocol: crate::operation::Protocol::Rest,
        media_type: None,
        optional_body: false,
        streams: false,
        successes: &[],
        idempotent: true,
        retry_statuses: &[],
        errors: &[],
        failure: &FAILURE_1,
        quota: Some(crate::operation::Quota {
            name: "toys",
            calls: 400u32,
            seconds: 60u32,
        }),
    };
    pub static LOGIN: Operation = Operation {
        api: "toys",
        name: "login",
        protocol: crate::operation::Protocol::Rest,
        media_type: Some("application/x-www-form-urlencoded"),
        optional_body: false,
        streams: false,
        successes: &[],
        idempotent: false,
        retry_statuses: &[],
        errors: &[],
        failure: &FAILURE_0,
        quota: Some(crate::operation::Quota {
            name: "toys",
            calls: 400u32,
            seconds: 60u32,
        }),
    };
}
impl crate::error::ErrorBody for types::Failure {
    const SCHEMA: &'static str = "Failure";
}
