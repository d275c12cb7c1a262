// The editor of Yasgui in the place of the plain field for SPARQL. Completers that ask other hosts are off; the answer is
// the server's, as without this script.
"use strict";

function begun(form) {
  const field = form.querySelector("textarea");
  const place = document.createElement("div");
  field.after(place);
  const editor = new window.Yasqe(place, {
    autocompleters: ["variables"],
    createShareableLink: null,
    editorHeight: "20rem",
    persistenceId: null,
    resizeable: false,
    showQueryButton: false,
    value: field.value,
  });
  const written = editor.getInputField();
  written.setAttribute("aria-label", "Query");
  written.removeAttribute("tabindex");
  editor.setOption("extraKeys", {
    ...editor.getOption("extraKeys"),
    Tab: false, // a keyboard gets out of the editor as it got in
    "Shift-Tab": false,
    "Ctrl-Enter": () => form.requestSubmit(),
  });
  field.hidden = true;
  field.required = false;
  form.addEventListener("submit", () => {
    field.value = editor.getValue();
  });
}

if (window.Yasqe) {
  begun(document.querySelector("form.ask"));
}
