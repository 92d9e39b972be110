// The page that couples: one tap is one coupling, also with a nervous thumb.

document.getElementById("couple").addEventListener("submit", (event) => {
  event.target.querySelector("button[type=submit]").disabled = true;
});

// Back from the next page, the button must work again.
addEventListener("pageshow", () => {
  document.querySelector("#couple button[type=submit]").disabled = false;
});
