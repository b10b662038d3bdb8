using System.Globalization;
using System.Net;

namespace Kube.Runtime.Hosting;

/// <summary>Where a listener of ours stands, as a flag says it: an address, or <c>localhost</c>, with a port.</summary>
public static class ListenAddress
{
    /// <summary>Null for what is no address with a port.</summary>
    public static IPEndPoint? Parse(string listen)
    {
        var colon = listen.LastIndexOf(':');
        var host = colon > 0 ? listen[..colon] : "";
        return !ushort.TryParse(listen.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? null
            : host == "localhost" ? new IPEndPoint(IPAddress.Loopback, port)
            : IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port)
            : null;
    }
}
