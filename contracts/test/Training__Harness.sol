// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {IMielToken} from "../interfaces/IMielToken.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPenalties} from "../interfaces/IPenalties.sol";
import {IRandomness} from "../interfaces/IRandomness.sol";
import {IRunRules} from "../interfaces/IRunRules.sol";
import {IScoredRounds} from "../interfaces/IScoredRounds.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {IRunEscrow} from "../interfaces/IRunEscrow.sol";
import {RunEscrow} from "../training/RunEscrow.sol";
import {RunStore} from "../training/RunStore.sol";
import {TrainingRegistry} from "../training/TrainingRegistry.sol";
import {Assets__Harness} from "./Assets__Harness.sol";

/// @notice Deploys registry, escrow and assets, which name each other. It is their randomness, which its deployer sets,
/// and their rules, which let every run be, at a data price of 7.
contract Training__Harness is IRandomness, IRunRules {
    Assets__Harness public immutable assets;
    TrainingRegistry public immutable registry;
    RunEscrow public immutable escrow;
    Status public status_ = Status.Known;

    constructor(
        IClaims claims,
        IStakeManager stake,
        IPenalties penalties,
        IParameters parameters,
        IMielToken miel,
        address treasury
    ) {
        address third = address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), uint8(3))))));
        assets = new Assets__Harness(third);
        registry = new TrainingRegistry(
            RunStore.Contracts({
                claims: claims,
                stake: stake,
                penalties: penalties,
                parameters: parameters,
                randomness: this,
                rules: this,
                faults: msg.sender,
                escrow: IRunEscrow(third),
                scores: IScoredRounds(address(0))
            })
        );
        escrow = new RunEscrow(registry, stake, miel, parameters, assets.models(), assets.royalties(), treasury);
    }

    function set(Status next_) external {
        status_ = next_;
    }

    /// @inheritdoc IRandomness
    function next() external view returns (uint256) {
        return block.number + 1;
    }

    /// @inheritdoc IRandomness
    function roundFor(uint256 blockNumber, uint256) external pure returns (uint256) {
        return blockNumber + 1;
    }

    /// @inheritdoc IRandomness
    function status(uint256) external view returns (Status) {
        return status_;
    }

    /// @inheritdoc IRandomness
    function value(uint256 round) external pure returns (bytes32) {
        return keccak256(abi.encode(round));
    }

    /// @inheritdoc IRandomness
    function record(uint256 round, bytes calldata) external pure {
        revert Randomness_Recorded(round);
    }

    /// @inheritdoc IRunRules
    function check(bytes calldata, bytes calldata, uint16) external pure returns (uint96) {
        return 7;
    }
}
