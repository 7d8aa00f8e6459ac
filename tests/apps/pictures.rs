//! Opens pictures of `preview --svg` in Chromium, with a light and a dark theme.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use resvg::tiny_skia::Pixmap;

use crate::harness::Desktop;

const LAYOUT: &str = "version: 1
monitors:
  - { output: eDP-1, rect: 1280x720+0+0, primary: true }
workspaces:
  - name: '<1> & code'
    output: eDP-1
    visible: true
    nodes:
      - { id: editor, swallow: { class: ^Gvim$ }, command: gvim 'a < b & c', percent: 60 }
      - layout: tabbed
        percent: 40
        nodes:
          - { id: a-very-long-name-of-a-slot-that-needs-an-ellipsis, swallow: { class: ^A$ }, command: xterm }
          - { id: shell, swallow: { class: ^B$ }, command: xterm -e 日本語 }
    floating:
      - { id: sound, swallow: { class: ^Pavucontrol$ }, command: pavucontrol, rect: 400x300+300+200 }
";

/// Prints the texts that are longer than the picture expects.
const MEASURE: &str = "<script>
const long = [...document.querySelectorAll('text')]
    .filter(text => text.getBBox().width > text.textLength.baseVal.value + 1)
    .map(text => text.textContent);
document.title = 'measured ' + document.querySelectorAll('text').length + ' long ' + long.join(', ');
</script>";

/// The picture in Chromium; a message if something is wrong.
pub(crate) fn check() -> Result<(), String> {
    let desktop = Desktop::new();
    let layout = desktop.write("tmp/layout.yaml", LAYOUT);
    let svg = desktop.path().join("tmp/picture.svg");
    let (layout, file) = (layout.display().to_string(), svg.display().to_string());
    desktop.run(["preview", &layout, "--svg", &file]).success();
    let text = std::fs::read_to_string(&svg).map_err(|error| error.to_string())?;
    for (theme, background) in [(1, [255, 255, 255]), (0, [13, 17, 23])] {
        let shot = desktop.path().join(format!("tmp/{theme}.png"));
        let scheme = format!("--blink-settings=preferredColorScheme={theme}");
        let screenshot = format!("--screenshot={}", shot.display());
        chromium(&desktop, &[&scheme, &screenshot, &format!("file://{file}")])?;
        look(&shot, background)?;
    }
    let page = format!("<!doctype html><body>{text}{MEASURE}");
    let page = desktop.write("tmp/page.html", &page);
    let dom = chromium(
        &desktop,
        &["--dump-dom", &format!("file://{}", page.display())],
    )?;
    let title = dom.split("<title>measured ").last().unwrap_or_default();
    if dom.contains("<title>measured ") && title.contains(" long </title>") {
        Ok(())
    } else {
        Err(format!(
            "texts are too long in Chromium: {}",
            title.lines().next().unwrap_or_default()
        ))
    }
}

fn chromium(desktop: &Desktop, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
        ])
        .arg(format!(
            "--user-data-dir={}",
            desktop.path().join("tmp/chromium").display()
        ))
        .arg("--window-size=800,600")
        .args(arguments)
        .output()
        .map_err(|error| format!("Chromium cannot be started: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Checks the background and the number of colours of a screenshot.
fn look(shot: &Path, background: [u8; 3]) -> Result<(), String> {
    let pixmap = Pixmap::load_png(shot).map_err(|error| format!("no screenshot: {error}"))?;
    let colors: BTreeSet<[u8; 3]> = pixmap
        .pixels()
        .iter()
        .map(|pixel| [pixel.red(), pixel.green(), pixel.blue()])
        .collect();
    let corner = pixmap
        .pixels()
        .first()
        .map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]);
    if corner != Some(background) {
        return Err(format!(
            "the background is {corner:?}, expected {background:?}"
        ));
    }
    // Windows, title bars, lines and smooth text.
    if colors.len() < 20 {
        return Err(format!("only {} colours are drawn", colors.len()));
    }
    Ok(())
}
