// 字号、打印、在列表里查找。没有脚本时页面不缺任何内容，按钮和查找框也不出现。
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

  function each(list, act) { Array.prototype.forEach.call(list, act); }

  function button(text, label, into, act) {
    var b = document.createElement('button');
    b.type = 'button';
    b.textContent = text;
    if (label) { b.setAttribute('aria-label', label); }
    b.addEventListener('click', act);
    into.appendChild(b);
    return b;
  }

  // 字号和打印按钮
  function tools(box) {
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
  }

  // 全角、半角和大小写不分
  function plain(text) {
    return (text.normalize ? text.normalize('NFKC') : text).toLowerCase();
  }

  // 在带 data-filter="提示" 的表格或列表前面放一个查找框；留下含有每一个词的行，分组的标题没有行时也收起。
  // data-hits="找到 # 条" 是结果的说法，# 换成条数。
  function filter(list, n) {
    var rows = [];
    each(list.querySelectorAll('tbody > tr, li'), function (row) {
      rows.push({ element: row, heads: !!row.querySelector('th[scope="rowgroup"]'), text: plain(row.textContent) });
    });
    var hits = list.getAttribute('data-hits') || '找到 # 条';
    var box = document.createElement('div');
    var label = document.createElement('label');
    var input = document.createElement('input');
    var told = document.createElement('p');
    box.className = 'filter';
    box.setAttribute('role', 'search');
    label.textContent = list.getAttribute('data-filter');
    label.htmlFor = input.id = 'filter-' + n;
    input.type = 'search';
    input.autocomplete = 'off';
    told.setAttribute('role', 'status');
    box.setAttribute('aria-label', label.textContent);

    input.addEventListener('input', function () {
      var words = plain(input.value).split(/\s+/).filter(Boolean);
      var found = 0, head = null;
      rows.forEach(function (row) {
        var fits = !row.heads && words.every(function (word) { return row.text.indexOf(word) >= 0; });
        if (row.heads) { head = row; }
        row.element.hidden = !fits;
        if (fits) { found += 1; }
        if (fits && head) { head.element.hidden = false; }
      });
      told.textContent = words.length ? hits.replace('#', found) : '';
    });

    box.appendChild(label);
    box.appendChild(input);
    box.appendChild(told);
    var frame = list.closest('.table-scroll') || list;
    frame.parentNode.insertBefore(box, frame);
    list.removeAttribute('data-filter');
  }

  each(document.querySelectorAll('.tools[data-size]'), tools);
  each(document.querySelectorAll('[data-filter]'), filter);
}());
