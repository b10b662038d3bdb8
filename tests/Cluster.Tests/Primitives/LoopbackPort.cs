using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Cluster.Tests.Primitives;

/// <summary>
/// For programs that have to be told a port. It lies below those that Linux gives to outgoing connections and to
/// whoever asks for any (32768 and up), so that nobody gets it by the way before the program has it.
/// </summary>
public static class LoopbackPort
{
    private const int Least = 12_000;
    private const int Most = 30_000;

    /// <summary>One that nobody had a moment ago.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(Least, Most);
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                // Another one, then.
            }
        }
    }
}
