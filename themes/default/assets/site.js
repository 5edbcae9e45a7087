// 字号与打印。没有脚本时页面不缺任何内容，按钮也不出现。
(function () {
  'use strict';
  var html = document.documentElement;
  var key = 'gongkai-text-size';
  var size = 'm';
  try { size = localStorage.getItem(key) || 'm'; } catch (e) { /* 无存储 */ }

  function apply(to) {
    size = to === 'l' || to === 's' ? to : 'm';
    html.classList.remove('size-l', 'size-s');
    if (size !== 'm') { html.classList.add('size-' + size); }
  }
  apply(size);

  var box = document.querySelector('.tools[data-size]');
  if (!box) { return; }

  function button(text, label, into, act) {
    var b = document.createElement('button');
    b.type = 'button';
    b.textContent = text;
    if (label) { b.setAttribute('aria-label', label); }
    b.addEventListener('click', act);
    into.appendChild(b);
    return b;
  }

  var name = box.getAttribute('data-size');
  var group = document.createElement('span');
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', name);
  group.appendChild(document.createTextNode(name + '：'));
  var all = {};
  function mark() {
    Object.keys(all).forEach(function (k) {
      all[k].setAttribute('aria-pressed', k === size ? 'true' : 'false');
    });
  }
  ['l', 'm', 's'].forEach(function (k) {
    var word = box.getAttribute('data-' + k);
    all[k] = button(word, name + ' ' + word, group, function () {
      apply(k);
      try { localStorage.setItem(key, size); } catch (e) { /* 无存储 */ }
      mark();
    });
  });
  mark();
  box.appendChild(group);
  button(box.getAttribute('data-print'), '', box, function () { window.print(); });
  box.hidden = false;
}());
