// Runs before anything is painted, so that a remembered theme does not flash in the wrong colours.
try {
  const theme = localStorage.getItem("docent.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be switched off; then the system's theme it is.
}
