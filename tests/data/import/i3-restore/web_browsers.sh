/usr/lib/firefox/firefox
