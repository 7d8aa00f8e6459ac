//! Edge: desktop notifications about the progress and the result of a command.
#![expect(
    clippy::disallowed_methods,
    reason = "a server of notifications that does not answer must not delay the command"
)]

use std::cell::{Cell, RefCell};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use notify_rust::{Hint, Notification, NotificationHandle, Timeout, Urgency};

use super::words::hide_in_message;

/// The maximum time to wait for the server at the end of a command.
const PATIENCE: Duration = Duration::from_secs(1);

/// The lines of a report that a notification shows below its title.
const LINES: usize = 6;

/// A text for a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Text {
    /// The first line.
    title: String,
    /// Further lines, with the markup of notifications escaped.
    body: String,
    urgency: Level,
}

/// The importance of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Progress, or a result that was expected.
    Low,
    /// Something needs attention.
    Normal,
}

#[derive(Debug)]
enum Order {
    /// Show this text instead of the one before.
    Show(Text),
    /// Show this text as the last one; without one, remove the notification.
    End(Option<Text>),
}

/// Sends the progress of a run to the notification of its command.
#[derive(Clone, Debug)]
pub struct Progress(Sender<Order>);

impl Progress {
    /// Shows a line instead of the one before.
    pub fn show(&self, line: &str) {
        // The server may be gone.
        let _ = self.0.send(Order::Show(Text::new(line, Level::Low)));
    }
}

/// The notification of a command. Each text replaces the one before.
#[derive(Debug)]
pub struct Notices {
    orders: Sender<Order>,
    ended: Receiver<Result<(), String>>,
    result: RefCell<Option<Text>>,
    is_elsewhere: Cell<bool>,
}

impl Notices {
    /// Starts a thread that shows texts.
    pub fn start() -> Self {
        let (orders, received) = channel();
        let (end, ended) = channel();
        thread::spawn(move || {
            // The command may not wait for it.
            let _ = end.send(show_all(&received));
        });
        Self {
            orders,
            ended,
            result: RefCell::default(),
            is_elsewhere: Cell::default(),
        }
    }

    /// The progress of a run.
    pub fn progress(&self) -> Progress {
        Progress(self.orders.clone())
    }

    /// Sets the text to show at the end of the command.
    pub fn set_result(&self, text: &str, urgency: Level) {
        *self.result.borrow_mut() = Some(Text::new(text, urgency));
    }

    /// Shows nothing at the end of the command, because the result is shown elsewhere.
    pub fn leave_out_result(&self) {
        self.is_elsewhere.set(true);
    }

    /// Shows the result, and waits at most a second. Returns why a text could not be shown.
    pub fn finish(&self) -> Result<(), String> {
        let result = self.result.take().filter(|_| !self.is_elsewhere.get());
        // The thread has ended after an error, which it returns.
        let _ = self.orders.send(Order::End(result));
        let ended = self.ended.recv_timeout(PATIENCE);
        ended.unwrap_or_else(|_| Err("the notification server does not answer".to_owned()))
    }
}

impl Text {
    fn new(text: &str, urgency: Level) -> Self {
        let text = hide_in_message(text);
        let mut lines = text.lines();
        let title = lines.next().unwrap_or_default().to_owned();
        let body: Vec<&str> = lines.take(LINES).collect();
        // The markup of the Desktop Notifications Specification.
        let body = body.join("\n").replace('&', "&amp;");
        let body = body.replace('<', "&lt;").replace('>', "&gt;");
        Self {
            title,
            body,
            urgency,
        }
    }

    fn notification(&self) -> Notification {
        let mut notification = Notification::new();
        notification
            .appname("i3pm-layout")
            .summary(&self.title)
            .body(&self.body)
            .urgency(match self.urgency {
                Level::Low => Urgency::Low,
                Level::Normal => Urgency::Normal,
            })
            .timeout(Timeout::Default)
            // Not kept in the history of a notification center.
            .hint(Hint::Transient(true));
        notification
    }
}

/// Shows texts, of several waiting ones only the last.
fn show_all(orders: &Receiver<Order>) -> Result<(), String> {
    let mut shown: Option<NotificationHandle> = None;
    while let Ok(first) = orders.recv() {
        let last = orders.try_iter().last().unwrap_or(first);
        let is_end = matches!(last, Order::End(_));
        match last {
            Order::Show(text) | Order::End(Some(text)) => {
                let mut notification = text.notification();
                if let Some(before) = &shown {
                    notification.id(before.id());
                }
                shown = Some(notification.show().map_err(|error| error.to_string())?);
            }
            Order::End(None) => {
                if let Some(before) = shown.take() {
                    before.close();
                }
            }
        }
        if is_end {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_long_reports_are_cut() {
        let text = Text::new("a <b>: & c\nx <i>y</i> & z\n1\n2\n3\n4\n5\n6", Level::Low);
        assert_eq!(text.title, "a <b>: & c");
        assert_eq!(text.body, "x &lt;i&gt;y&lt;/i&gt; &amp; z\n1\n2\n3\n4\n5");
    }
}
