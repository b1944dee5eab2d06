/* Where the page stands at another address than its own (the QR code's secret, or a form's that was refused):
   the QR code's secret has done its work: the address of the page is now the one without it, before anybody copies
   it, shows it or takes a picture of it. */
history.replaceState(null, "", document.documentElement.dataset.address);
