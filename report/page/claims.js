// The claims: buttons that show those of a verdict, and open all.

class Claims {
  constructor(tools) {
    this.tools = tools;
    tools.addEventListener("click", (e) => {
      const b = e.target.closest("button");
      if (b && "open" in b.dataset) this.openAll(b);
      else if (b) {
        b.setAttribute("aria-pressed", b.getAttribute("aria-pressed") !== "true");
        for (const c of this.all()) c.hidden = this.hides(c);
      }
    });
    tools.hidden = false;
    addEventListener("beforeprint", () => this.all().forEach((c) => (c.open = true)));
  }

  all() {
    return [...document.querySelectorAll(".claim")];
  }

  button(verdict) {
    return [...this.tools.querySelectorAll("[data-verdict]")].find((b) => b.dataset.verdict === verdict);
  }

  // hides reports whether the claims of that verdict are switched off.
  hides(claim) {
    return this.button(claim.dataset.verdict)?.getAttribute("aria-pressed") === "false";
  }

  openAll(button) {
    const opening = !this.all().every((c) => c.open);
    for (const c of this.all()) c.open = opening;
    button.textContent = opening ? "Close all" : "Open all";
  }

  // update shows the verdicts of another document.
  update(tools) {
    const text = this.tools.querySelector("[data-open]").textContent;
    for (const b of tools.querySelectorAll("[data-verdict]")) b.setAttribute("aria-pressed", this.button(b.dataset.verdict)?.getAttribute("aria-pressed") || "true");
    this.tools.replaceChildren(...tools.children);
    this.tools.querySelector("[data-open]").textContent = text;
  }
}
