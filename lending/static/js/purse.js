// A purse on a page of the desk: what was counted, added up while it is typed. Without this script the server adds up when it is sent.

for (const purse of document.querySelectorAll("[data-purse]")) {
  const fields = [...purse.querySelectorAll("[data-note]")];
  const mark = purse.lang === "en" ? "," : ".";
  const rupiah = (amount) => `Rp${String(amount).replace(/\B(?=(\d{3})+$)/g, mark)}`;
  const count = (field) => (/^\d{1,6}$/.test(field.value.trim()) ? Number(field.value) : 0);
  const add = () => {
    let total = 0;
    for (const field of fields) {
      const worth = count(field) * Number(field.dataset.note);
      field.parentElement.querySelector("[data-worth]").textContent = worth ? rupiah(worth) : "";
      total += worth;
    }
    purse.querySelector("[data-total]").textContent = rupiah(total);
  };
  purse.querySelector("[data-sum]").hidden = false;
  purse.addEventListener("input", add);
  add();
}
