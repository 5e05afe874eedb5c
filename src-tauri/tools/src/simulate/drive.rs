//! Sends deliveries at the times they are due, whatever the receiver does (an open loop): what a
//! slow receiver can't keep up with shows as delay, and is not smoothed away.
//!
//! Knows bodies and times, not what they say.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

use super::summary::Tally;
use super::traffic::Traffic;
use crate::send::{Answer, Target};

/// Requests that may wait for their answers at the same time.
const IN_FLIGHT: usize = 64;
/// For so long after the end of the run what is overdue may still leave.
const GRACE: Duration = Duration::from_secs(2);
/// Between two words of progress.
const PROGRESS: Duration = Duration::from_secs(10);

type Outcome = Result<anyhow::Result<Answer>, JoinError>;

/// Posts `rate` deliveries a second for `seconds`. A message on `stop` ends the sending, a second
/// one the waiting for answers.
pub(super) async fn drive(
    target: &Target,
    traffic: &mut Traffic,
    rate: f64,
    seconds: u32,
    stop: &mut mpsc::Receiver<()>,
) -> Tally {
    let planned = ((rate * f64::from(seconds)).round() as u64).max(1);
    let mut tally = Tally::new(planned);
    let mut flying = JoinSet::new();
    let began = Instant::now();
    let deadline = began + Duration::from_secs(seconds.into()) + GRACE;
    let mut next_progress = began + PROGRESS;

    'sending: for (number, delivery) in (0..planned).zip(traffic.by_ref()) {
        let due = began + Duration::from_secs_f64(number as f64 / rate);
        tokio::select! {
            biased;
            Some(()) = stop.recv() => {
                tally.interrupted = true;
                break 'sending;
            }
            () = sleep_until(due) => {}
        }
        while let Some(outcome) = flying.try_join_next() {
            count(&mut tally, outcome);
        }
        while flying.len() >= IN_FLIGHT {
            tokio::select! {
                biased;
                Some(()) = stop.recv() => {
                    tally.interrupted = true;
                    break 'sending;
                }
                Some(outcome) = flying.join_next() => count(&mut tally, outcome),
            }
        }
        let now = Instant::now();
        if now > deadline {
            break;
        }
        if now > next_progress {
            next_progress = now + PROGRESS;
            tally.report();
        }
        tally.left(delivery.arrival, now - due);
        tally.sending = (now - began) + Duration::from_secs_f64(1.0 / rate);
        let target = target.clone();
        flying.spawn(async move { target.post(delivery.body).await });
    }

    loop {
        tokio::select! {
            biased;
            Some(()) = stop.recv() => {
                tally.interrupted = true;
                break;
            }
            next = flying.join_next() => match next {
                Some(outcome) => count(&mut tally, outcome),
                None => break,
            },
        }
    }
    tally.esims = traffic.esims_begun();
    tally
}

fn count(tally: &mut Tally, outcome: Outcome) {
    let reason = match outcome {
        Ok(Ok(answer)) => return tally.answered(answer.status.as_u16(), answer.took),
        Ok(Err(error)) => format!("{error:#}"),
        Err(error) => format!("the request was not finished: {error}"),
    };
    if tally.none_failed() {
        tracing::warn!(reason, "a delivery failed; going on");
    }
    tally.failed(reason);
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};

    use super::super::traffic::Plan;
    use super::*;
    use crate::send::Receiver;

    /// A receiver that answers every request with `status` at once; its URL.
    fn receiver(status: u16) -> String {
        let (_, url) = held_receiver(status);
        url
    }

    /// A receiver that answers no request until what is returned first is dropped; and its URL.
    fn held_receiver(status: u16) -> (std::sync::mpsc::Sender<()>, String) {
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let held = Arc::new(Mutex::new(held));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hooks/t", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = BufReader::new(stream.unwrap());
                let held = Arc::clone(&held);
                std::thread::spawn(move || {
                    while let Some(length) = body_length(&mut stream) {
                        let mut body = vec![0; length];
                        stream.read_exact(&mut body).unwrap();
                        // Nothing is ever sent: it ends with its other end.
                        assert!(held.lock().unwrap().recv().is_err());
                        let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
                        stream.get_mut().write_all(answer.as_bytes()).unwrap();
                    }
                });
            }
        });
        (hold, url)
    }

    /// Reads one request's head; none at the end of the connection.
    fn body_length(stream: &mut impl BufRead) -> Option<usize> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                return Some(length);
            }
        }
    }

    async fn run(url: &str, rate: f64, stop: &mut mpsc::Receiver<()>) -> Tally {
        let target = Target::new(Receiver::at(url, None).unwrap()).unwrap();
        let plan = Plan {
            esims: 20,
            rate,
            seed: 1,
            base: 1_795_737_600,
        };
        drive(&target, &mut Traffic::new(plan), rate, 1, stop).await
    }

    #[tokio::test]
    async fn sends_all_at_their_times_and_counts_the_answers() {
        let (_keep, mut stop) = mpsc::channel(1);
        let tally = run(&receiver(200), 200.0, &mut stop).await;
        assert_eq!(tally.fault(), None, "{tally}");
        assert!(
            tally.to_string().starts_with("sent           200 of 200 "),
            "{tally}"
        );
        assert!(tally.sending >= Duration::from_millis(990), "{tally}");
    }

    #[tokio::test]
    async fn another_answer_is_a_fault() {
        let (_keep, mut stop) = mpsc::channel(1);
        let tally = run(&receiver(503), 20.0, &mut stop).await;
        assert_eq!(
            tally.fault().as_deref(),
            Some("20 answered otherwise than 2xx")
        );
    }

    #[tokio::test]
    async fn an_absent_receiver_is_a_fault_with_its_first_reason() {
        let (_keep, mut stop) = mpsc::channel(1);
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let tally = run(&format!("http://{free}/"), 20.0, &mut stop).await;
        assert_eq!(tally.fault().as_deref(), Some("20 failed"));
        assert!(
            tally
                .to_string()
                .contains(&format!("can't reach {free}; is the")),
            "{tally}"
        );
    }

    #[tokio::test]
    async fn a_receiver_that_is_too_slow_gets_64_at_a_time_and_the_summary_says_so() {
        let (_keep, mut stop) = mpsc::channel(1);
        let (hold, url) = held_receiver(200);
        let over = Instant::now() + Duration::from_secs(2) + GRACE;
        let release = async {
            sleep_until(over).await;
            drop(hold);
        };
        let (tally, ()) = tokio::join!(run(&url, 500.0, &mut stop), release);
        let text = tally.to_string();
        assert!(text.starts_with("sent           64 of 500 "), "{text}");
        assert!(
            text.contains("slower than the offered rate: 436 deliveries were not sent in time."),
            "{text}"
        );
        assert!(text.contains("Every delivery was answered 2xx."), "{text}");
    }

    #[tokio::test]
    async fn being_stopped_ends_the_sending_but_waits_for_the_answers() {
        let (interrupt, mut stop) = mpsc::channel(1);
        interrupt.try_send(()).unwrap();
        let tally = run(&receiver(200), 200.0, &mut stop).await;
        assert!(tally.interrupted);
        assert_eq!(tally.fault().as_deref(), Some("nothing was sent"));
    }
}
