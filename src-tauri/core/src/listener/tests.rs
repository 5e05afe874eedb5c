//! Tests of the way in of two providers: each with its own path, signature and answer.

use std::net::Ipv4Addr;

use axum::body::Body;
use axum::http::Request;
use tower_service::Service as _;

use super::*;
use crate::provider::pigeon::PIGEON;
use crate::provider::{self, DEFAULT};
use crate::store::Store;

const WORD: &str = r#"{"sim":"a","state":"ACTIVATED","at":10}"#;
const STATUS: &str = r#"{"event_category":"esim","event_type":"status","esim_id":"a","status":"NEW","timestamp":1764000001}"#;

struct Running {
    base: String,
    store: Store,
    listener: Listener,
    gate: watch::Sender<Gate>,
    refusals: Arc<Refusals>,
    _dir: tempfile::TempDir,
}

/// A listener for which these secrets count.
async fn running(secrets: &[(ProviderId, &str)]) -> Running {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), |_| {}).unwrap();
    let secrets = secrets
        .iter()
        .map(|(provider, secret)| (*provider, vec![Secret::new(secret).unwrap()]))
        .collect();
    let (gate, watched) = watch::channel(Gate {
        token: "token".to_owned(),
        secrets,
    });
    let refusals = Arc::new(Refusals::default());
    let remembered = Arc::clone(&refusals);
    let parts = Parts {
        gate: watched,
        ingest: Ingest::new(store.writer().clone()),
        on_refusal: Arc::new(move |refusal| remembered.add(refusal)),
        on_delivery: Arc::new(|_, _, _| {}),
        on_answer: Arc::new(|_| {}),
    };
    let listener = Listener::start(Ipv4Addr::LOCALHOST.into(), 0, parts)
        .await
        .unwrap();
    Running {
        base: format!("http://{}", listener.address()),
        store,
        listener,
        gate,
        refusals,
        _dir: dir,
    }
}

impl Running {
    /// The status and body of the answer.
    async fn post(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> (u16, String) {
        let mut request = crate::http::client()
            .build()
            .unwrap()
            .post(format!("{}{path}", self.base))
            .body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn pigeon(&self, secret: &str) -> (u16, String) {
        let seal = provider::by_id(PIGEON).sign(WORD.as_bytes(), secret).value;
        let headers = [
            ("content-type", "application/json"),
            ("pigeon-time", "17"),
            ("pigeon-seal", seal.as_str()),
        ];
        self.post("/hooks/pigeon/token", WORD, &headers).await
    }

    async fn first(&self, path: &str, secret: &str) -> (u16, String) {
        let signature = DEFAULT.sign(STATUS.as_bytes(), secret);
        let headers = [
            ("content-type", "application/json"),
            (signature.header, signature.value.as_str()),
        ];
        self.post(path, STATUS, &headers).await
    }

    async fn stop(self) {
        self.listener.stop().await;
        drop(self.gate);
        tokio::task::spawn_blocking(move || self.store.close())
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_provider_has_its_path_its_signature_and_its_answer() {
    let desk = running(&[(DEFAULT.id(), "first"), (PIGEON, "second")]).await;
    let acknowledged = (200, DEFAULT.acknowledgement().to_owned());
    assert_eq!(desk.first("/hooks/token", "first").await, acknowledged);
    let named = format!("/hooks/{}/token", DEFAULT.name());
    assert_eq!(desk.first(&named, "first").await, acknowledged);
    assert_eq!(desk.pigeon("second").await, (200, "{}".to_owned()));
    let (status, told) = desk.pigeon("first").await;
    assert_eq!(status, 401, "another provider's secret is none");
    assert!(
        told.contains("The Pigeon-Seal header does not fit the body."),
        "{told}"
    );
    assert!(told.contains("Pigeon Post's portal"), "{told}");
    let json = [("content-type", "application/json")];
    assert_eq!(desk.post("/hooks/pigeon/token", WORD, &json).await.0, 401);
    assert_eq!(desk.post("/hooks/nobody/token", WORD, &json).await.0, 404);
    assert_eq!(desk.post("/hooks/pigeon/other", WORD, &json).await.0, 404);
    let esims = desk
        .store
        .readers()
        .read(|store| Ok(store.counts()?.esims))
        .unwrap();
    assert_eq!(esims, 2);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_nobody_set_up_is_no_way_around_anothers_signature() {
    let desk = running(&[(DEFAULT.id(), "first")]).await;
    let json = [("content-type", "application/json")];
    assert_eq!(desk.post("/hooks/pigeon/token", WORD, &json).await.0, 404);
    assert_eq!(desk.pigeon("first").await.0, 404);
    desk.stop().await;
    let open = running(&[]).await;
    assert_eq!(open.post("/hooks/pigeon/token", WORD, &json).await.0, 200);
    open.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_answered_is_kept_beside_the_delivery() {
    let desk = running(&[]).await;
    let xml = [("content-type", "text/xml")];
    let json = [("content-type", "application/json")];
    assert_eq!(desk.post("/hooks/token", STATUS, &json).await.0, 200);
    assert_eq!(desk.post("/hooks/token", "<xml/>", &xml).await.0, 415);
    let zipped = [
        ("content-type", "application/json"),
        ("content-encoding", "gzip"),
    ];
    assert_eq!(desk.post("/hooks/token", STATUS, &zipped).await.0, 415);
    assert_eq!(desk.post("/hooks/token", "[]", &json).await.0, 400);
    let query = crate::store::DeliveryQuery {
        verdicts: Vec::new(),
        search: String::new(),
        before: None,
        limit: 9,
    };
    let (rows, _) = desk
        .store
        .readers()
        .read(|store| store.deliveries(&query, &[]))
        .unwrap();
    let kept: Vec<_> = rows.iter().map(|row| row.status).collect();
    assert_eq!(kept, [Some(400), Some(415), Some(415), Some(200)]);
    desk.stop().await;
}

#[test]
fn what_the_system_says_of_a_port_is_told_as_what_can_be_done() {
    let of = |kind: std::io::ErrorKind| ListenError::of(80, &kind.into());
    use std::io::ErrorKind as Kind;
    assert!(matches!(
        of(Kind::PermissionDenied),
        ListenError::NotAllowed(80)
    ));
    assert!(matches!(of(Kind::AddrInUse), ListenError::PortTaken(80)));
    let elsewhere = of(Kind::AddrNotAvailable);
    let reason = |error| match error {
        ListenError::Other { port: 80, reason } => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(elsewhere), IoReason::Address);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_that_is_nearly_right_is_told_to_the_user_and_to_nobody_else() {
    let desk = running(&[(DEFAULT.id(), "first")]).await;
    for stranger in ["/hooks/tokens", "/health/x", "/"] {
        assert_eq!(desk.first(stranger, "first").await, (404, String::new()));
    }
    assert!(desk.refusals.list().is_empty());
    for crooked in [
        "/hooks/token%20",
        "/HOOKS/Token",
        "/token",
        "/hooks/nobody/token",
        "/hooks/token.",
        "/%22hooks/token%22",
        "/hooks/token%3e,",
    ] {
        assert_eq!(desk.first(crooked, "first").await, (404, String::new()));
        let told = desk.refusals.list();
        let last = told.first().map(|refusal| refusal.reason.clone());
        assert_eq!(
            last,
            Some(crate::answer::Refused::Path.to_message()),
            "{crooked}"
        );
        assert_eq!(told.first().map(|refusal| refusal.status), Some(404));
    }
    assert_eq!(desk.refusals.list().len(), 7);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slashes_too_many_are_forgiven() {
    let desk = running(&[(DEFAULT.id(), "first")]).await;
    let paths = [
        "/hooks/token",
        "//hooks/token",
        "/hooks//token",
        "/hooks/token/",
        "/hooks/roamify//token//",
    ];
    for path in paths {
        assert_eq!(desk.first(path, "first").await.0, 200, "{path}");
    }
    assert_eq!(desk.first("//", "first").await, (404, String::new()));
    assert!(desk.refusals.list().is_empty());
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_that_is_sent_again_by_somebody_who_caught_it_proves_no_connection() {
    let desk = running(&[(DEFAULT.id(), "first")]).await;
    let mut router = hook::router(Parts {
        gate: desk.gate.subscribe(),
        ingest: Ingest::new(desk.store.writer().clone()),
        on_refusal: Arc::new(|_| {}),
        on_delivery: Arc::new(|_, _, _| {}),
        on_answer: Arc::new(|_| {}),
    });
    let signature = DEFAULT.sign(STATUS.as_bytes(), "first");
    let mut proven = Vec::new();
    for _ in 0..3 {
        let connection = admission::Admission::new(None).admit();
        let mut request = Request::post("/hooks/token")
            .header("content-type", "application/json")
            .header(signature.header, &signature.value)
            .body(Body::from(STATUS))
            .unwrap();
        request.extensions_mut().insert(Arc::clone(&connection));
        let answer = router.call(request).await.unwrap();
        assert_eq!(answer.status(), 200);
        proven.push(connection.is_proven());
    }
    assert_eq!(proven, [true, false, false]);
    drop(router);
    desk.stop().await;
}
