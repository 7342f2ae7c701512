// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatasetRegistry} from "../assets/DatasetRegistry.sol";
import {ModelRegistry} from "../assets/ModelRegistry.sol";
import {Royalties} from "../assets/Royalties.sol";
import {Shares} from "../assets/Shares.sol";

/// @notice Deploys the contracts of assets, which name each other.
contract Assets__Harness {
    Royalties public immutable royalties;
    DatasetRegistry public immutable datasets;
    ModelRegistry public immutable models;

    constructor(address training) {
        Shares shares = new Shares(Royalties(_created(2)));
        royalties = new Royalties(ModelRegistry(_created(4)), DatasetRegistry(_created(3)), address(shares));
        datasets = new DatasetRegistry(royalties);
        models = new ModelRegistry(royalties, training);
    }

    /// @dev Where the contract's `nonce`-th creation lies.
    function _created(uint8 nonce) private view returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), nonce)))));
    }
}
