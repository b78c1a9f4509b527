// An experiment's button stands below all that it changes: after a click on one, what to look at is
// brought to the top of the screen, as soon as it is there and until it stands still. The visitor's
// own scrolling ends that. The box around the button bears the name of what to look at: "top", a
// widget's key, or the first bold words of a part, with "-" for every sign.
document.addEventListener("click", (event) => {
  const box = event.target.closest('button') && event.target.closest('[class*="st-key-goes_"]');
  if (!box) return;
  const name = box.className.match(/st-key-goes_\d+_([\w-]+)/)[1];
  const plain = (words) => words.replace(/[^\w-]/g, "-");
  const find = () =>
    name === "top"
      ? document.querySelector("h1")
      : document.querySelector(`.st-key-${name}`) ||
        [...document.querySelectorAll("strong, summary p")].find((words) =>
          plain(words.textContent).startsWith(name),
        );
  let left = 60;
  let still = 0;
  let before = NaN;
  const timer = setInterval(() => {
    const found = find();
    if (found) {
      found.style.scrollMarginTop = "5rem"; // below Streamlit's own head
      found.scrollIntoView({ block: "start" });
      const top = found.getBoundingClientRect().top;
      still = Math.abs(top - before) < 2 ? still + 1 : 0;
      before = top;
    }
    if (--left <= 0 || still >= 8) clearInterval(timer);
  }, 250);
  for (const own of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    addEventListener(own, () => clearInterval(timer), { once: true });
  }
});
