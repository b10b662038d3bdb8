using System.Security.Cryptography;
using System.Text;

namespace ByokOperator.Keygen;

/// <summary>A backup's password in UTF-8, from a file's first line as <c>openssl -pass file:</c> reads it, or from the
/// terminal without echo. The caller zeroes it.</summary>
internal static class Password
{
    /// <summary>openssl reads no more than 1,024 bytes with their line end.</summary>
    public const int MostBytes = 1000;

    /// <summary>Below it a guesser with some graphics cards has hope even at
    /// <see cref="SaltedBackup.Iterations"/>.</summary>
    public const int AdvisedCharacters = 14;

    public static byte[] Read(string? file, bool isNew)
    {
        var password = file is not null ? FirstLineOf(file) : Ask(isNew);
        if (password.Length == 0)
        {
            throw new KeygenException("the password is empty: choose a long one");
        }

        if (isNew && password.Length < AdvisedCharacters)
        {
            Console.Error.WriteLine(
                $"note: a password of {AdvisedCharacters} characters or more would protect the backup better");
        }

        return password;
    }

    private static byte[] FirstLineOf(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var content = new byte[MostBytes + 1];
        var count = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        var line = content.AsSpan(0, count);
        var end = line.IndexOf((byte)'\n');
        line = end >= 0 ? line[..end] : line;
        var (isTooLong, hasReturn, password) = (line.Length > MostBytes, line is [.., (byte)'\r'], line.ToArray());
        CryptographicOperations.ZeroMemory(content);
        if (!isTooLong && !hasReturn)
        {
            return password;
        }

        CryptographicOperations.ZeroMemory(password);
        throw new KeygenException(isTooLong
            ? $"the first line of {path} is longer than {MostBytes} bytes: shorten the password"
            : $"the first line of {path} ends with a carriage return, which openssl takes for a part of the password: "
                + "save it with plain line ends");
    }

    private static byte[] Ask(bool isNew)
    {
        if (Console.IsInputRedirected)
        {
            throw new KeygenException("there is no terminal to ask for the password on: give --password-file");
        }

        var password = AskOnce("Password of the backup: ");
        if (!isNew)
        {
            return password;
        }

        var again = AskOnce("Once more: ");
        var isSame = CryptographicOperations.FixedTimeEquals(password, again);
        CryptographicOperations.ZeroMemory(again);
        if (isSame)
        {
            return password;
        }

        CryptographicOperations.ZeroMemory(password);
        throw new KeygenException("the two passwords differ: try again");
    }

    private static byte[] AskOnce(string question)
    {
        Console.Error.Write(question);
        var typed = new char[MostBytes / 4];
        var count = 0;
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                count = Math.Max(0, count - 1);
            }
            else if (key.KeyChar >= ' ' && count < typed.Length)
            {
                typed[count++] = key.KeyChar;
            }
        }

        Console.Error.WriteLine();
        var password = Encoding.UTF8.GetBytes(typed, 0, count);
        Array.Clear(typed);
        return password;
    }
}
