// The button that goes from the system's colours to light, to dark and back.

const themes = ["auto", "light", "dark"];

function themeButton() {
  const button = document.getElementById("theme");
  let theme = "auto";
  try {
    theme = localStorage.getItem("gfnbench-theme") || "auto";
  } catch {
    // A page opened from a file may have no storage.
  }
  const apply = () => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = "Theme: " + theme;
  };
  button.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    try {
      localStorage.setItem("gfnbench-theme", theme);
    } catch {
      // It lasts as long as the page then.
    }
    apply();
    say("Theme: " + theme);
  });
  apply();
  button.hidden = false;
}
