using System.Net;
using System.Net.Sockets;

namespace Cluster.Tests.Primitives;

/// <summary>For programs that have to be told a port.</summary>
public static class LoopbackPort
{
    /// <summary>One that nobody had a moment ago.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
