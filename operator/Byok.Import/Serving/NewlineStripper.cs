namespace Byok.Import.Serving;

/// <summary>Takes raw line ends out of one string value of a JSON object, and changes nothing else.</summary>
internal static class NewlineStripper
{
    /// <param name="json">any bytes; whether they are JSON is the parser's to say</param>
    /// <param name="member">the name of a member of the outermost object, as it is written without escapes</param>
    /// <param name="endsInside">the bytes end inside that member's value: something cut them</param>
    public static byte[] TakeOut(ReadOnlySpan<byte> json, string member, out bool endsInside)
    {
        var scan = new Scan(member);
        var kept = new byte[json.Length];
        var count = 0;
        foreach (var one in json)
        {
            if (scan.IsKept(one))
            {
                kept[count++] = one;
            }
        }

        endsInside = scan.IsInMember;
        return kept[..count];
    }

    /// <summary>Knows strings, escapes, depth and which name a value follows;
    /// of broken JSON it only has to lose nothing but line ends.</summary>
    private sealed class Scan(string member)
    {
        private int depth;
        private bool isInString;
        private bool isEscaped;
        private bool isAfterColon;
        private int matched; // how many letters of the member's name the string so far consists of; -1: another name
        private bool isNamed; // the last string was the name

        public bool IsInMember { get; private set; }

        public bool IsKept(byte one)
        {
            if (isInString)
            {
                return IsKeptInString(one);
            }

            switch (one)
            {
                case (byte)'"':
                    isInString = true;
                    IsInMember = depth == 1 && isAfterColon && isNamed;
                    (isAfterColon, matched) = (false, 0);
                    break;
                case (byte)':':
                    isAfterColon = true;
                    break;
                case (byte)'{' or (byte)'[':
                    (depth, isAfterColon) = (depth + 1, false);
                    break;
                case (byte)'}' or (byte)']':
                    (depth, isAfterColon) = (depth - 1, false);
                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    break;
                default:
                    isAfterColon = false;
                    break;
            }

            return true;
        }

        private bool IsKeptInString(byte one)
        {
            if (isEscaped)
            {
                (isEscaped, matched) = (false, -1);
                return true;
            }

            if (one == '"')
            {
                (isInString, isNamed, IsInMember) = (false, matched == member.Length && !IsInMember, false);
                return true;
            }

            if (IsInMember && one is (byte)'\r' or (byte)'\n')
            {
                return false;
            }

            isEscaped = one == '\\';
            matched = matched >= 0 && matched < member.Length && one == member[matched] ? matched + 1 : -1;
            return true;
        }
    }
}
