/* The QR code's secret has done its work: the address of the page is now the one without it, before anybody copies
   it, shows it or takes a picture of it. */
history.replaceState(null, "", document.documentElement.dataset.address);
