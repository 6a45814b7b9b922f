// @ts-check
/**
 * The browser's half of the protocol fanfare.v1: reconnects, and resumes on any node where the last one left off.
 * No dependencies, no build: <script src="/fanfare/fanfare.js"></script>, then fanfare.connect(url, { ... }).
 *
 * @typedef {Object} Received
 * @property {string | null} channel null if it was sent to this client alone, or the server speaks plain text
 * @property {string | null} position where it stands in the channel's history, if there is one
 * @property {string | Uint8Array} data
 *
 * @typedef {Object} Joined
 * @property {string | null} channel null if the server speaks plain text
 * @property {boolean} again whether it had been joined before, on this node or another
 * @property {boolean} resumed whether nothing is missing since then
 * @property {number} replayed how many messages come from history
 * @property {string | null} gap why messages are missing, if any are
 * @property {number | null} lost how many are missing, if that is known
 *
 * @typedef {Object} Gap
 * @property {string} channel
 * @property {string} reason
 * @property {number | null} lost how many messages are missing, if that is known
 *
 * @typedef {Object} State
 * @property {'connecting' | 'open' | 'waiting' | 'closed'} name
 * @property {number} code the close code of the last connection; 1006 if it ended without, 0 before there was one
 * @property {string} reason
 * @property {number} retryMillis when the next attempt begins, if waiting
 *
 * @typedef {Object} Options
 * @property {number} [last] how many messages to begin with where history is kept, up to 1,000
 * @property {(message: Received) => void} [onMessage]
 * @property {(joined: Joined) => void} [onJoined]
 * @property {(gap: Gap) => void} [onGap] messages may be missing before those that come next
 * @property {(state: State) => void} [onState]
 * @property {number} [quietMillis] after how long without a word the server is asked whether it is there
 *
 * @typedef {Object} Connection
 * @property {(data: string) => boolean} send hands a text to the server; false if there is no connection
 * @property {() => void} retry connects now, if it waits
 * @property {() => void} suspect gives the connection up, if there is one, and connects anew
 * @property {() => void} close ends it for good
 * @property {(channel: string) => (string | null)} position the last position of a channel
 */
(function (global) {
  'use strict';

  const PROTOCOL = 'fanfare.v1';
  const FIRST_RETRY_MS = 500;
  const LONGEST_RETRY_MS = 15000;
  const CONNECT_WITHIN_MS = 8000;
  const STEADY_AFTER_MS = 5000;
  const QUIET_MS = 20000;
  const ANSWER_WITHIN_MS = 8000;
  const ABNORMAL = 1006;
  const GOING_AWAY = 1001;
  const GONE_FOR_MS = 1000;
  // These say that another attempt would end like this one: a defect of one side, or no right to be here.
  const FINAL = [1002, 1003, 1007, 1008];

  function nothing() {}

  /** @param {string} base64 */
  function bytes(base64) {
    return Uint8Array.from(global.atob(base64), (c) => c.charCodeAt(0));
  }

  /**
   * @param {string} url
   * @param {Options} [given]
   * @returns {Connection}
   */
  function connect(url, given) {
    const options = given || {};
    const onMessage = options.onMessage || nothing;
    const onJoined = options.onJoined || nothing;
    const onGap = options.onGap || nothing;
    const onState = options.onState || nothing;
    const quietMillis = options.quietMillis || QUIET_MS;

    /** The last position of each channel with history. @type {Map<string, string>} */
    const positions = new Map();
    /** The channels that the client was told to have joined, on this node or before. @type {Set<string>} */
    const channels = new Set();
    /** Of which channels messages with a position came over this connection. @type {Set<string>} */
    const fresh = new Set();
    /** @type {WebSocket | null} */
    let socket = null;
    let isOpen = false;
    let isClosed = false;
    let speaks = false;
    let wasOpen = false;
    let attempts = 0;
    let spreadMillis = 0;
    let retryTimer = 0;
    let connectTimer = 0;
    let steadyTimer = 0;
    let quietTimer = 0;

    function state(name, code, reason, retryMillis) {
      onState({ name: name, code: code, reason: reason, retryMillis: retryMillis });
    }

    function open() {
      clearTimeout(retryTimer);
      retryTimer = 0;
      state('connecting', 0, '', 0);
      const opening = new WebSocket(url, PROTOCOL);
      socket = opening;
      connectTimer = setTimeout(() => abandon(opening), CONNECT_WITHIN_MS);
      opening.onopen = () => opened(opening);
      opening.onmessage = (event) => received(opening, event.data);
      opening.onclose = (event) => lost(opening, event.code, event.reason);
      // An engine that connects on a thread of its own may be done before it could be told whom to tell.
      if (opening.readyState === WebSocket.OPEN) {
        opened(opening);
      } else if (opening.readyState === WebSocket.CLOSED) {
        lost(opening, ABNORMAL, '');
      }
    }

    function opened(opening) {
      if (opening !== socket || isOpen) {
        return;
      }
      isOpen = true;
      fresh.clear();
      clearTimeout(connectTimer);
      speaks = opening.protocol === PROTOCOL;
      if (speaks) {
        /** @type {Object<string, string>} */
        const resume = {};
        positions.forEach((position, channel) => { resume[channel] = position; });
        opening.send(JSON.stringify({ type: 'hello', positions: resume, last: options.last || 0 }));
        listen();
      }
      // A server that accepts and drops at once must not be asked again at once.
      steadyTimer = setTimeout(() => { attempts = 0; }, STEADY_AFTER_MS);
      state('open', 0, '', 0);
      if (!speaks) {
        onJoined({ channel: null, again: wasOpen, resumed: false, replayed: 0, gap: null, lost: null });
      }
      wasOpen = true;
    }

    // A browser may take minutes to notice that nobody is there: whoever is silent is asked.
    function listen() {
      clearTimeout(quietTimer);
      const asked = socket;
      quietTimer = setTimeout(() => {
        asked.send('{"type":"ping"}');
        quietTimer = setTimeout(() => abandon(asked), ANSWER_WITHIN_MS);
      }, quietMillis);
    }

    function received(from, data) {
      if (from !== socket) {
        return;
      }
      if (!speaks) {
        onMessage({ channel: null, position: null, data: data });
        return;
      }
      listen();
      const frame = JSON.parse(data);
      const lostCount = typeof frame.lost === 'number' ? frame.lost : null;
      switch (frame.type) {
        case 'hello':
          spreadMillis = frame.spreadMillis || 0;
          break;
        case 'message':
          if (frame.position) {
            positions.set(frame.channel, frame.position);
            fresh.add(frame.channel);
          }
          onMessage({
            channel: frame.channel === undefined ? null : frame.channel,
            position: frame.position || null,
            data: frame.base64 === undefined ? frame.data : bytes(frame.base64),
          });
          break;
        case 'joined': {
          const again = channels.has(frame.channel);
          // Live messages may have come before this word, and they are further.
          if (frame.position && !fresh.has(frame.channel)) {
            positions.set(frame.channel, frame.position);
          }
          channels.add(frame.channel);
          onJoined({
            channel: frame.channel,
            again: again,
            resumed: frame.resumed,
            replayed: frame.replayed,
            gap: frame.gap || null,
            lost: lostCount,
          });
          break;
        }
        case 'left':
          channels.delete(frame.channel);
          positions.delete(frame.channel);
          break;
        case 'gap':
          onGap({ channel: frame.channel, reason: frame.reason, lost: lostCount });
          break;
        default: // pong, or what a later server has to say
      }
    }

    function lost(ended, code, reason) {
      if (ended !== socket) {
        return;
      }
      socket = null;
      isOpen = false;
      clearTimeout(connectTimer);
      clearTimeout(steadyTimer);
      clearTimeout(quietTimer);
      if (isClosed || FINAL.indexOf(code) >= 0) {
        isClosed = true;
        state('closed', code, reason, 0);
        return;
      }
      // Full jitter, so that the pages of a node that went away do not come back in one wave; the server may know better
      // how wide that wave has to be.
      const backoff = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * Math.pow(2, attempts));
      const ceiling = attempts === 0 ? Math.max(backoff, spreadMillis) : backoff;
      attempts += 1;
      // A node that says goodbye is not back at once.
      const delay = (code === GOING_AWAY ? GONE_FOR_MS : 0) + Math.random() * ceiling;
      retryTimer = setTimeout(open, delay);
      state('waiting', code, reason, delay);
    }

    function abandon(silent) {
      if (silent !== null) {
        lost(silent, ABNORMAL, 'no answer');
        silent.close();
      }
    }

    function retry() {
      if (socket === null && !isClosed) {
        open();
      }
    }

    global.addEventListener('online', retry);

    open();

    return {
      send(data) {
        if (socket === null || !isOpen || socket.readyState > WebSocket.OPEN) {
          retry();
          return false;
        }
        socket.send(speaks ? JSON.stringify({ type: 'send', data: data }) : data);
        return true;
      },
      retry: retry,
      suspect() {
        abandon(isOpen ? socket : null);
      },
      close() {
        isClosed = true;
        clearTimeout(retryTimer);
        global.removeEventListener('online', retry);
        if (socket !== null) {
          socket.close(1000);
        }
      },
      position(channel) {
        return positions.get(channel) || null;
      },
    };
  }

  global.fanfare = { connect: connect, PROTOCOL: PROTOCOL };
})(window);
