package dev.fanfare.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What Redis does to publish to a channel with history, in one step: as a Function where it has them, else as a script. The
 * text is the same; docs/wire-format.md says what it keeps.
 *
 * <p>An offset is a whole number below 2^53, because numbers of Lua are doubles; an epoch is not, so it is text of 19 digits:
 * microseconds of the clock of Redis, and three random digits, so that two servers do not begin the same one. A later epoch of a
 * channel is always greater, also if the clock went back, because positions are ids of one stream.
 */
final class HistoryScript {

    static final String LIBRARY = "fanfare1";
    static final String FUNCTION = "fanfare1_publish";

    /**
     * Which life of the server's data this is: another one whenever another run of a server took it over, so also when a server
     * is the master again that was a replica meanwhile and may have lost what it had. Key: server.
     */
    private static final String LIFE = """
            local function life(server, run, clock, digits)
              local known = redis.pcall('HMGET', server, 'run', 'life')
              if known.err then
                if not string.find(known.err, 'WRONGTYPE', 1, true) then error(known.err, 0) end
                redis.call('DEL', server)
                known = {false, false}
              end
              if known[1] == run and known[2] then return known[2] end
              local life = clock[1] .. string.format('%06d', tonumber(clock[2])) .. digits
              redis.call('HSET', server, 'run', run, 'life', life)
              return life
            end
            """;

    /**
     * Keys: meta, stream, server. Arguments: run id, envelope, channel, length, age in ms, three random digits, PUBLISH or SPUBLISH.
     * Returns receivers and position.
     */
    private static final String BODY = """
            local meta, stream = keys[1], keys[2]
            local envelope, channel = args[2], args[3]
            local length, age = args[4], tonumber(args[5])
            if redis.acl_check_cmd and not redis.acl_check_cmd(args[7], channel, '') then
              return {err = 'NOPERM this user has no permissions to access one of the channels used as arguments'}
            end
            local known = redis.pcall('HMGET', meta, 'run', 'epoch', 'top', 'kept')
            if known.err then
              if not string.find(known.err, 'WRONGTYPE', 1, true) then return known end
              redis.call('DEL', meta)
              known = {false, false, false, false}
            end
            local clock = redis.call('TIME')
            local run = life(keys[3], args[1], clock, args[6])
            local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
            local epoch, top = known[2], tonumber(known[3] or '')

            local function begin()
              local past = epoch
              local micros = clock[1] .. string.format('%06d', tonumber(clock[2]))
              if past and #past == 19 and string.sub(past, 1, 16) >= micros then
                micros = string.format('%.0f', tonumber(string.sub(past, 1, 16)) + 1)
              end
              if past and top then
                local list = {}
                for one in string.gmatch(redis.call('HGET', meta, 'past') or '', '%S+') do
                  list[#list + 1] = one
                end
                list[#list + 1] = past .. '-' .. string.format('%.0f', top)
                local first = math.max(1, #list - 31)
                redis.call('HSET', meta, 'past', table.concat(list, ' ', first))
              end
              epoch, top = micros .. args[6], 0
              redis.call('HSET', meta, 'run', run, 'epoch', epoch, 'top', '0')
            end

            local function append()
              local id = epoch .. '-' .. string.format('%.0f', top + 1)
              return redis.pcall('XADD', stream, 'MAXLEN', '~', length, id, 'd', envelope)
            end

            if known[1] ~= run or not epoch or not top then
              begin()
            end
            local added = append()
            local function taken()
              return type(added) == 'table' and added.err
                  and (string.find(added.err, ' ID', 1, true) or string.find(added.err, 'WRONGTYPE', 1, true))
            end
            if taken() then
              begin()
              added = append()
              if taken() then
                redis.call('DEL', stream)
                added = append()
              end
            end
            if type(added) == 'table' and added.err then return added end
            top = top + 1
            local position = epoch .. '-' .. string.format('%.0f', top)
            redis.call('HSET', meta, 'top', string.format('%.0f', top))

            local marks = known[4] or ''
            local newest = tonumber(string.match(marks, '(%d+)=%S+$') or '')
            if not newest or now < newest or now - newest >= age / 8 then
              local kept, trim = {}, nil
              for at, id in string.gmatch(marks, '(%d+)=(%S+)') do
                if tonumber(at) <= now - age then
                  trim = id
                elseif tonumber(at) <= now then
                  kept[#kept + 1] = at .. '=' .. id
                end
              end
              kept[#kept + 1] = string.format('%.0f', now) .. '=' .. position
              redis.call('HSET', meta, 'kept', table.concat(kept, ' '))
              if trim then redis.call('XTRIM', stream, 'MINID', trim) end
              redis.call('PEXPIRE', stream, string.format('%.0f', age + math.floor(age / 4)))
              redis.call('PEXPIRE', meta, string.format('%.0f', math.max(2 * age, 3600000)))
            end

            local sent = string.sub(envelope, 1, 6) .. string.char(2) .. struct.pack('>I4', #position) .. position
                .. string.sub(envelope, 7)
            return {redis.call(args[7], channel, sent), position}
            """;

    /** Calls it, or with the last key alone only looks which life this is. If it failed for want of a right, which Redis does not name within scripts, says which. */
    private static final String CALL = """
            local function whole(keys, args)
              if #keys == 1 then return life(keys[1], args[1], redis.call('TIME'), args[2]) end
              local done, result = pcall(publish, keys, args)
              local why = not done and (type(result) == 'table' and result.err or tostring(result))
                  or type(result) == 'table' and result.err
              if not why then return result end
              if redis.acl_check_cmd and string.find(why, "can't run this command", 1, true) then
                local meta, stream = keys[1], keys[2]
                for _, needed in ipairs({{'TIME'}, {'HMGET', meta, 'f'}, {'HGET', meta, 'f'}, {'HSET', meta, 'f', 'v'},
                    {'XADD', stream, '*', 'f', 'v'}, {'XTRIM', stream, 'MINID', '0'}, {'PEXPIRE', meta, '1'},
                    {'DEL', meta}}) do
                  if not redis.acl_check_cmd(unpack(needed)) then
                    why = "NOPERM this user has no permissions to run the '" .. string.lower(needed[1]) .. "' command"
                    break
                  end
                end
              end
              return {err = why}
            end
            """;

    private static final String WHOLE = LIFE + "local function publish(keys, args)\n" + BODY + "end\n" + CALL;

    /** What FUNCTION LOAD takes. */
    static final String FUNCTIONS =
            "#!lua name=" + LIBRARY + "\n" + WHOLE + "redis.register_function('" + FUNCTION + "', whole)\n";

    /** What EVAL takes. */
    static final String SCRIPT = WHOLE + "return whole(KEYS, ARGV)\n";

    /** By what EVALSHA knows it. */
    static final String SHA = sha1(SCRIPT);

    private HistoryScript() {}

    private static String sha1(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
