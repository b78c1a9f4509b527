"""`python -m training.machine_health`: see train.py."""

from training.machine_health.train import main

if __name__ == "__main__":
    main()
