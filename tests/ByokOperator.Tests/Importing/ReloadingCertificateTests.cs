using Kube.Runtime.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing;

public sealed class TlsFilesTests
{
    [Fact]
    public void A_renewed_certificate_is_used_and_a_broken_one_is_not()
    {
        using var files = new ServerCertificate();
        var time = new StepTime();
        var tls = new ReloadingCertificate(files.CertificateFile, files.KeyFile, time,
            NullLogger<ReloadingCertificate>.Instance);
        tls.Current().TargetCertificate.Thumbprint.ShouldBe(files.Thumbprint);

        var first = files.Thumbprint;
        files.Renew();
        tls.Current().TargetCertificate.Thumbprint.ShouldBe(first, "looked at a moment ago");
        time.Pass(TimeSpan.FromSeconds(10));
        tls.Current().TargetCertificate.Thumbprint.ShouldBe(files.Thumbprint);

        File.WriteAllText(files.CertificateFile, "half wri");
        time.Pass(TimeSpan.FromSeconds(10));
        tls.Current().TargetCertificate.Thumbprint.ShouldBe(files.Thumbprint);
        files.Renew();
        time.Pass(TimeSpan.FromSeconds(10));
        tls.Current().TargetCertificate.Thumbprint.ShouldBe(files.Thumbprint);
    }

    [Fact]
    public void A_mounted_Secret_is_followed_through_its_links()
    {
        using var first = new ServerCertificate();
        using var second = new ServerCertificate();
        var mount = Directory.CreateTempSubdirectory("byok-mount");
        var data = Path.Combine(mount.FullName, "..data");
        Directory.CreateSymbolicLink(data, Path.GetDirectoryName(first.CertificateFile)!);
        File.CreateSymbolicLink(Path.Combine(mount.FullName, "tls.crt"), "..data/tls.crt");
        File.CreateSymbolicLink(Path.Combine(mount.FullName, "tls.key"), "..data/tls.key");
        var time = new StepTime();
        var tls = new ReloadingCertificate(Path.Combine(mount.FullName, "tls.crt"),
            Path.Combine(mount.FullName, "tls.key"), time,
            NullLogger<ReloadingCertificate>.Instance);
        tls.Current().TargetCertificate.Thumbprint.ShouldBe(first.Thumbprint);

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, Path.GetDirectoryName(second.CertificateFile)!);
        time.Pass(TimeSpan.FromSeconds(10));
        tls.Current().TargetCertificate.Thumbprint.ShouldBe(second.Thumbprint);
        mount.Delete(recursive: true);
    }

    [Fact]
    public void A_server_without_its_files_does_not_start() =>
        Should.Throw<IOException>(() =>
            new ReloadingCertificate("/nowhere/tls.crt", "/nowhere/tls.key", TimeProvider.System,
                NullLogger<ReloadingCertificate>.Instance));

    private sealed class StepTime : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Pass(TimeSpan span) => ticks += span.Ticks;
    }
}
