// In the frame on another site: tell the page around how high this is. A height is no secret, so any parent may hear it.
if (window.parent !== window) {
  const tell = () => {
    window.parent.postMessage({ agendaHeight: document.body.getBoundingClientRect().height }, "*");
  };
  new ResizeObserver(tell).observe(document.body);
  tell();
}
