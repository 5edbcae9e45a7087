// 本地预览：网页变了就重新载入，问题变了就更新说明。没有脚本时，网页和说明都照样能看。
(function () {
  'use strict';
  var box = document.getElementById('gongkai-serve');
  if (!box) { return; }
  var page = box.getAttribute('data-page');
  var token = box.getAttribute('data-token');
  var errors = document.getElementById('gk-errors');
  var panel = document.getElementById('gk-panel');
  var label = document.getElementById('gk-label');
  var status = document.getElementById('gk-status');
  var link = document.getElementById('gk-open');
  var key = 'gongkai-serve ' + location.pathname;
  var button = document.createElement('button');

  function store(value) {
    try { sessionStorage.setItem(key, JSON.stringify(value)); } catch (e) { /* 无存储 */ }
  }
  function take() {
    var text = null;
    try { text = sessionStorage.getItem(key); sessionStorage.removeItem(key); } catch (e) { /* 无存储 */ }
    try { return JSON.parse(text); } catch (e) { return null; }
  }

  function isOpen() { return !panel.hidden; }
  function show(open) {
    panel.hidden = !open;
    button.setAttribute('aria-expanded', open ? 'true' : 'false');
    if (open) { box.setAttribute('data-open', ''); news(); } else { box.removeAttribute('data-open'); }
  }

  // 服务器给的是转义过的 HTML
  function news() {
    fetch('/.gongkai/news?page=' + encodeURIComponent(page)).then(function (answer) { return answer.json(); })
      .then(function (it) {
        box.setAttribute('data-digest', it.digest);
        if (errors.innerHTML !== it.errors) { errors.innerHTML = it.errors; }
        label.textContent = it.label ? '（' + it.label + '）' : '';
        var at = panel.scrollTop;
        panel.innerHTML = it.panel;
        panel.scrollTop = at;
      }).catch(function () { /* 下一次再取 */ });
  }

  function reload() {
    store({ x: window.pageXOffset, y: window.pageYOffset, open: isOpen(), at: panel.scrollTop });
    location.reload();
  }

  button.type = 'button';
  button.className = 'gk-open';
  button.id = 'gk-open';
  button.setAttribute('aria-controls', 'gk-panel');
  button.setAttribute('aria-expanded', 'false');
  while (link.firstChild) { button.appendChild(link.firstChild); }
  link.parentNode.replaceChild(button, link);
  button.addEventListener('click', function () { show(!isOpen()); });
  box.addEventListener('keydown', function (event) {
    if (event.key === 'Escape' && isOpen()) { show(false); button.focus(); }
  });

  var before = take();
  if (before) {
    if ('scrollRestoration' in history) { history.scrollRestoration = 'manual'; }
    window.scrollTo(before.x, before.y);
    window.addEventListener('load', function () { window.scrollTo(before.x, before.y); });
    if (before.open) { show(true); panel.scrollTop = before.at; }
  }

  // 浏览器同时只开少数几个连接：看不见的网页不占用，回来时再比较
  var source = null;
  var timer = null;
  function close() {
    if (source) { source.close(); source = null; }
    clearTimeout(timer);
  }
  function later(act) {
    clearTimeout(timer);
    timer = setTimeout(act, 1500);
  }
  // 预览重新启动以后口令不同：载入一次
  function again() {
    fetch(location.href).then(function (answer) { return answer.text(); }).then(function (text) {
      if (text.indexOf(token) < 0) { reload(); } else { status.textContent = '网页不会自己更新'; }
    }).catch(function () { later(again); });
  }
  function open() {
    if (source || document.hidden || !window.EventSource) { return; }
    source = new EventSource('/.gongkai/events?token=' + encodeURIComponent(token) + '&page=' + encodeURIComponent(page) +
      '&mark=' + encodeURIComponent(box.getAttribute('data-mark')) +
      '&digest=' + encodeURIComponent(box.getAttribute('data-digest')));
    source.addEventListener('open', function () { status.textContent = ''; });
    source.addEventListener('reload', reload);
    source.addEventListener('findings', news);
    source.addEventListener('error', function () {
      status.textContent = '预览程序没有回答，正在重试';
      var closed = source && source.readyState === 2;
      if (closed) { close(); later(again); }
    });
  }
  document.addEventListener('visibilitychange', function () { if (document.hidden) { close(); } else { open(); } });
  window.addEventListener('pagehide', close);
  window.addEventListener('pageshow', open);
  open();
}());
