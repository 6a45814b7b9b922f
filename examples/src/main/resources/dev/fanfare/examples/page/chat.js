// The chat page. The connection is that of fanfare.js, which resumes where it left off; what is said is plain text.
// What the log shows has been through Redis; what has not come back yet waits below it.
(function () {
  'use strict';

  const KEPT_MESSAGES = 500;
  const SHOWN_CHARACTERS = 10000;
  const CALM_BATCH = 10;
  const SHOW_WITHIN_MS = 200;
  const LAST_MESSAGES = 100;
  // An echo takes milliseconds. The node knows within 5 seconds what became of a broadcast, and tells nobody but its log.
  const SENDING_AFTER_MS = 500;
  const UNCONFIRMED_AFTER_MS = 2000;
  const LOST_AFTER_MS = 6000;
  const HEALTH_EVERY_MS = 3000;
  const HEALTH_TIMEOUT_MS = 4000;
  const NO_SUCH_ROOM = "A room's name has at most 64 characters, and none of these: / \\ % ; .";

  const byId = (id) => document.getElementById(id);
  const log = byId('log');
  const messages = byId('messages');
  const welcome = byId('welcome');
  const newer = byId('newer');
  const unconfirmed = byId('unconfirmed');
  const notice = byId('notice');
  const compose = byId('compose');
  const input = byId('text');

  // --- The room ------------------------------------------------------------

  const ROOM_CHARACTERS = 64;
  // Some servers refuse these in a path although they are encoded; a browser takes dots for directories.
  const NOT_IN_ROOMS = /[\/\\%;.\u0000-\u001f\u007f]/;

  // ?room=tea, or nothing for the room of everybody.
  const room = (new URLSearchParams(location.search).get('room') || '').trim();
  const roomField = byId('room');

  function canBeRoom(name) {
    return name.length <= ROOM_CHARACTERS && !NOT_IN_ROOMS.test(name);
  }

  function forShell(word) {
    return /^[\w.-]+$/.test(word) ? word : "'" + word.replace(/'/g, "'\\''") + "'";
  }

  roomField.value = room;
  if (room !== '') {
    byId('leave').hidden = false;
    byId('channel').textContent = forShell('room.' + room);
  }
  byId('rooms').addEventListener('submit', (event) => {
    event.preventDefault();
    const name = roomField.value.trim();
    if (!canBeRoom(name)) {
      say(NO_SUCH_ROOM);
      roomField.focus();
    } else if (name !== room) {
      location.assign(name === '' ? '/' : '/?room=' + encodeURIComponent(name));
    }
  });

  // --- What was said -------------------------------------------------------

  function element(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    // As text, never as HTML: a message cannot bring elements of its own.
    made.textContent = text;
    return made;
  }

  function isAtEnd() {
    return log.scrollHeight - log.scrollTop - log.clientHeight < 48;
  }

  let following = true;

  function toEnd() {
    following = true;
    log.scrollTop = log.scrollHeight;
    newer.hidden = true;
  }

  // A flood must not freeze the page: what arrives waits, at most as much as is kept, and is drawn once per frame.
  let arrived = [];
  let frame = 0;
  let frameTimer = 0;

  function arrive(entry) {
    arrived.push(entry);
    if (arrived.length > KEPT_MESSAGES) {
      arrived.shift();
    }
    if (frameTimer === 0) {
      // A tab that nobody sees has no frames.
      frameTimer = setTimeout(draw, SHOW_WITHIN_MS);
      frame = window.requestAnimationFrame(draw);
    }
  }

  function draw() {
    clearTimeout(frameTimer);
    window.cancelAnimationFrame(frame);
    frameTimer = 0;
    const batch = arrived;
    arrived = [];
    const calm = batch.length <= CALM_BATCH;
    const items = document.createDocumentFragment();
    batch.forEach((entry) => {
      const item = entry.note ? element('li', 'note', entry.text) : said(entry);
      if (calm) {
        item.className += ' arriving';
      }
      items.appendChild(item);
    });
    for (let excess = messages.childElementCount + batch.length - KEPT_MESSAGES; excess > 0; excess -= 1) {
      messages.removeChild(messages.firstElementChild);
    }
    welcome.hidden = true;
    messages.appendChild(items);
    if (following) {
      toEnd();
    } else {
      newer.hidden = false;
    }
  }

  let minute = -1;
  let minuteText = '';

  // To make a text of a time takes longer than all the rest of a message.
  function clock(at) {
    const its = Math.floor(at.getTime() / 60000);
    if (its !== minute) {
      minute = its;
      minuteText = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    }
    return minuteText;
  }

  // Who says it stands before it: a terminal may do the same.
  const NAMED = /^([^:\n]{1,40}): ([^]+)$/;
  const nameField = byId('name');

  function named(text) {
    const name = nameField.value.replace(/[:\n]/g, ' ').trim();
    return name === '' ? text : name + ': ' + text;
  }

  function beginning(text, length) {
    // Both halves of a character, or neither.
    const half = text.charCodeAt(length - 1);
    return text.slice(0, half >= 0xd800 && half < 0xdc00 ? length - 1 : length);
  }

  function said(entry) {
    const item = element('li', entry.own ? 'message own' : 'message', '');
    const body = element('span', 'text', '');
    body.dir = 'auto';
    const parts = NAMED.exec(entry.text);
    const text = parts === null ? entry.text : parts[2];
    if (parts !== null) {
      item.appendChild(element('b', 'name', parts[1]));
    }
    item.appendChild(body);
    if (text.length > SHOWN_CHARACTERS) {
      body.textContent = beginning(text, SHOWN_CHARACTERS) + ' …';
      const all = action('Show all ' + text.length.toLocaleString() + ' characters', () => {
        body.textContent = text;
        item.removeChild(all);
        log.focus({ preventScroll: true });
        following = isAtEnd();
      });
      item.appendChild(all);
    } else {
      body.textContent = text;
    }
    const time = element('time', '', clock(entry.at));
    time.dateTime = entry.at.toISOString();
    item.appendChild(time);
    return item;
  }

  function show(text) {
    arrive({ text: text, own: confirm(text), at: new Date() });
  }

  function note(text) {
    arrive({ text: text, note: true });
  }

  log.addEventListener('scroll', () => {
    following = isAtEnd();
    if (following) {
      newer.hidden = true;
    }
  });
  if (window.ResizeObserver) {
    // A notice or a keyboard that takes room must not hide the end from somebody who reads there.
    new ResizeObserver(() => {
      if (following) {
        toEnd();
      }
    }).observe(log);
  }
  newer.addEventListener('click', () => {
    toEnd();
    input.focus();
  });

  // --- What has not come back yet ------------------------------------------

  // The wire carries nothing but text, so an echo is known by its text: in order, the oldest first.
  let waiting = [];

  function confirm(text) {
    const index = waiting.findIndex((sent) => sent.text === text);
    if (index < 0) {
      return false;
    }
    forget(waiting[index]);
    return true;
  }

  function forget(sent) {
    clearTimeout(sent.timer);
    waiting = waiting.filter((other) => other !== sent);
    if (sent.item.parentNode) {
      unconfirmed.removeChild(sent.item);
    }
  }

  function expectEcho(text) {
    const sent = { text: text, item: element('li', '', ''), state: element('span', 'state', '') };
    sent.item.appendChild(element('span', 'text', beginning(text, 300)));
    sent.item.appendChild(sent.state);
    sent.timer = setTimeout(() => {
      sent.state.textContent = 'Sending …';
      unconfirmed.appendChild(sent.item);
      sent.timer = setTimeout(() => doubt(sent), UNCONFIRMED_AFTER_MS - SENDING_AFTER_MS);
    }, SENDING_AFTER_MS);
    waiting.push(sent);
  }

  function doubt(sent) {
    sent.item.className = 'doubted';
    sent.timer = setTimeout(() => giveUp(sent), LOST_AFTER_MS - UNCONFIRMED_AFTER_MS);
    sayDoubts();
    askHealth(); // perhaps Redis is why
  }

  function sayDoubts() {
    const text = redisDown ? 'Not confirmed yet: Redis unreachable' : 'Not confirmed yet';
    waiting.filter((sent) => sent.item.className === 'doubted').forEach((sent) => {
      sent.state.textContent = text;
    });
  }

  function giveUp(sent) {
    if (sent.item.className === 'lost') {
      return;
    }
    clearTimeout(sent.timer);
    sent.item.className = 'lost';
    sent.state.textContent = 'Perhaps not delivered';
    sent.item.appendChild(action('Send again', () => {
      if (send(sent.text)) {
        forget(sent);
      }
      input.focus();
    }));
    sent.item.appendChild(action('Dismiss', () => {
      forget(sent);
      input.focus();
    }));
    unconfirmed.appendChild(sent.item);
  }

  function action(text, whenClicked) {
    const button = element('button', 'link', text);
    button.type = 'button';
    button.addEventListener('click', whenClicked);
    return button;
  }

  function send(text) {
    if (connection === null || !connection.send(text)) {
      return false;
    }
    expectEcho(text);
    return true;
  }

  compose.addEventListener('submit', (event) => {
    event.preventDefault();
    // While the connection is down the text stays where it was typed.
    if (input.value.trim() === '') {
      input.value = '';
    } else if (send(named(input.value))) {
      input.value = '';
      toEnd();
    }
    input.focus();
  });

  // --- The connection ------------------------------------------------------

  const GOING_AWAY = 1001;
  const path = room === '' ? '/chat' : '/rooms/' + encodeURIComponent(room);
  // That of the node that this page came from first, then those of the nodes that it knows.
  const addresses = [addressOf(location.host)];
  let host = location.host;
  let connection = null;
  let isOpen = false;

  function addressOf(node) {
    return (location.protocol === 'https:' ? 'wss://' : 'ws://') + node + path;
  }

  function pill(id, state, text) {
    const shown = byId(id);
    shown.setAttribute('data-state', state);
    if (shown.textContent !== text) {
      shown.textContent = text;
    }
  }

  function say(text) {
    // Setting the same text again would have a screen reader say it again.
    if (notice.textContent !== text) {
      notice.textContent = text;
    }
  }

  function connect() {
    connection = window.fanfare.connect(addresses, {
      last: LAST_MESSAGES,
      onMessage: (message) => show(message.data),
      onJoined: joined,
      onGap: (gap) => note(missing(gap.lost)),
      onState: changed,
    });
  }

  function messagesOf(count) {
    return count.toLocaleString() + (count === 1 ? ' message' : ' messages');
  }

  function missing(lost) {
    return lost === null
      ? 'Messages may be missing here.'
      : messagesOf(lost) + (lost === 1 ? ' is' : ' are') + ' missing here.';
  }

  function joined(how) {
    if (!how.again) {
      return;
    }
    if (how.resumed) {
      note('Resumed: ' + (how.replayed === 0 ? 'nothing was missed.' : messagesOf(how.replayed) + '.'));
    } else if (how.lost !== null) {
      note('Resumed: ' + messagesOf(how.replayed) + ', ' + messagesOf(how.lost) + ' lost.');
    } else {
      note('Connected again. What was said in between may be missing.');
    }
  }

  function changed(state) {
    host = new URL(state.url).host;
    if (state.name === 'connecting') {
      pill('connection', 'waiting', wasLost ? 'Reconnecting' : 'Connecting');
    } else if (state.name === 'open') {
      isOpen = true;
      unanswered = 0;
      say('');
      pill('connection', 'good', 'Connected');
      askHealth();
    } else {
      const reasonNow = reason(state);
      isOpen = false;
      wasLost = true;
      waiting.slice().forEach(giveUp);
      pill('connection', 'bad', 'Disconnected');
      say(reasonNow + (state.name === 'waiting' ? ' Trying again by itself; what you type stays here.' : ''));
      askHealth();
    }
  }

  let wasLost = false;

  function reason(state) {
    if (state.name === 'closed') {
      return 'The server ended the connection: ' + (state.reason || state.code) + '.';
    }
    if (state.code === GOING_AWAY) {
      return 'The node is going away.';
    }
    if (state.code === 1013) {
      return 'This page could not keep up and was disconnected.';
    }
    return isOpen ? 'The connection was lost.' : 'The node does not answer.';
  }

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) {
      if (connection !== null) {
        connection.retry();
      }
      askHealth();
    }
  });

  // --- The node and its Redis ----------------------------------------------

  let unanswered = 0;
  let redisDown = false;
  let healthTimer = 0;

  function askHealth() {
    clearTimeout(healthTimer);
    const asked = host;
    const request = new XMLHttpRequest();
    request.open('GET', location.protocol + '//' + asked + '/health');
    request.timeout = HEALTH_TIMEOUT_MS;
    request.onloadend = () => {
      if (asked === host) {
        answered(request);
      }
      clearTimeout(healthTimer);
      healthTimer = setTimeout(askHealth, HEALTH_EVERY_MS);
    };
    request.send();
  }

  function parse(json) {
    try {
      return JSON.parse(json);
    } catch (notJson) {
      return null;
    }
  }

  function answered(request) {
    const health = parse(request.responseText);
    if (health === null) {
      unanswered += 1;
      pill('redis', 'unknown', 'Redis unknown');
      // Two silent answers in a row: the network is gone, and the browser may not have noticed on the socket.
      if (unanswered > 1 && isOpen) {
        connection.suspect();
      }
      return;
    }
    unanswered = 0;
    health.others.map((port) => addressOf(location.hostname + ':' + port)).forEach((address) => {
      if (addresses.indexOf(address) < 0) {
        addresses.push(address);
      }
    });
    pill('node', 'good', 'Node ' + health.node);
    document.title = (room === '' ? '' : room + ' · ') + 'Fanfare chat · ' + health.node;
    if (health.connected) {
      pill('redis', 'good', 'Redis reached');
      if (redisDown) {
        note('Redis is back. What was said in between may be missing.');
      }
      redisDown = false;
    } else if (isOpen) {
      pill('redis', 'bad', 'Redis unreachable');
      redisDown = true;
      sayDoubts();
    } else {
      // A node that goes away has left its Redis; that is no word about Redis.
      pill('redis', 'unknown', 'Redis unknown');
    }
  }

  if (canBeRoom(room)) {
    connect();
  } else {
    welcome.hidden = true;
    pill('connection', 'bad', 'No such room');
    say(NO_SUCH_ROOM);
  }
  askHealth();
})();
