"""`python -m training.network_intrusion`: see train.py."""

from training.network_intrusion.train import main

if __name__ == "__main__":
    main()
