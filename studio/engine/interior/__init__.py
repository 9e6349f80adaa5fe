"""The inside of a garment: what appears in neck, sleeves and hem when the mannequin goes."""
