// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IDatasetRegistry} from "../interfaces/IDatasetRegistry.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IRoyalties} from "../interfaces/IRoyalties.sol";
import {IShares} from "../interfaces/IShares.sol";
import {Lineage} from "./Lineage.sol";

/// @notice Rules, limits and warnings: {IRoyalties}.
contract Royalties is IRoyalties, ReentrancyGuardTransient {
    using Lineage for uint256;
    using SafeERC20 for IERC20;

    struct Revenue {
        // slot 0
        uint128 received;
        /// @dev The part of `received` that the parents have drawn from.
        uint128 distributed;
        // slot 1
        uint128 paid;
    }

    struct Asset {
        // slot 0
        address shares;
        // slot 1, packed as {Lineage} says
        uint256 terms;
        // slots 2 to 9; eight is what the terms have place for
        uint256[8] parents;
    }

    IModelRegistry private immutable MODELS;
    IDatasetRegistry private immutable DATASETS;
    address private immutable SHARES;

    mapping(address token => mapping(uint256 asset => Revenue)) private _revenue;
    mapping(uint256 asset => Asset) private _assets;

    /// @param shares the contract that every asset's shares are a clone of
    constructor(IModelRegistry models, IDatasetRegistry datasets, address shares) {
        MODELS = models;
        DATASETS = datasets;
        SHARES = shares;
    }

    /// @inheritdoc IRoyalties
    function deposit(address token, uint256 asset, uint256 amount) external nonReentrant returns (uint256 arrived) {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        arrived = IERC20(token).balanceOf(address(this)) - before;
        emit Received(token, asset, msg.sender, arrived);
        Revenue storage row = _revenue[token][asset];
        _distribute(token, asset, row, row.received + arrived);
    }

    /// @inheritdoc IRoyalties
    function distribute(address token, uint256 asset) external nonReentrant {
        Revenue storage row = _revenue[token][asset];
        require(row.distributed != row.received, Royalties_Nothing(token, asset));
        _distribute(token, asset, row, row.received);
    }

    /// @inheritdoc IRoyalties
    function collect(address token, uint256 asset) external nonReentrant {
        address shares = _assets[asset].shares;
        require(shares == address(0), Royalties_HasShares(asset, shares));
        uint256 amount = earned(token, asset) - _revenue[token][asset].paid;
        require(amount != 0, Royalties_Nothing(token, asset));
        (address owner, ) = assetOf(asset);
        _pay(token, asset, owner, amount);
    }

    /// @inheritdoc IRoyalties
    function pay(address token, uint256 asset, address holder, uint256 amount) external nonReentrant {
        require(msg.sender == _assets[asset].shares, Royalties_Caller(msg.sender));
        require(amount <= earned(token, asset) - _revenue[token][asset].paid, Royalties_TooMuch(token, asset, amount));
        _pay(token, asset, holder, amount);
    }

    /// @inheritdoc IRoyalties
    function descend(uint256 asset, Parent[] calldata parents) external {
        require(msg.sender == address(MODELS), Royalties_Caller(msg.sender));
        uint256 terms;
        uint256 sum;
        require(parents.length <= 8, Royalties_Lineage(parents.length, sum));
        for (uint256 i = 0; i < parents.length; i++) {
            Parent calldata parent = parents[i];
            _requireExists(parent.asset, parent.version);
            sum += parent.bps;
            require(sum <= Lineage.BASIS, Royalties_Lineage(parents.length, sum));
            terms = terms.with(i, parent.bps, parent.version);
            _assets[asset].parents[i] = parent.asset;
            emit Descended(asset, parent.asset, parent.version, parent.bps);
        }
        _assets[asset].terms = terms;
    }

    /// @inheritdoc IRoyalties
    function share(
        uint256 asset,
        address token,
        address issuer,
        address[] calldata holders,
        uint256[] calldata amounts
    ) external returns (address shares) {
        require(msg.sender == address(MODELS) || msg.sender == address(DATASETS), Royalties_Caller(msg.sender));
        shares = _assets[asset].shares;
        if (shares == address(0)) {
            shares = Clones.cloneWithImmutableArgs(SHARES, abi.encodePacked(asset, issuer));
            _assets[asset].shares = shares;
            emit Shared(asset, shares, issuer);
        }
        IShares(shares).issue(holders, amounts, token);
    }

    /// @inheritdoc IRoyalties
    function received(address token, uint256 asset) external view returns (uint256) {
        return _revenue[token][asset].received;
    }

    /// @inheritdoc IRoyalties
    function earned(address token, uint256 asset) public view returns (uint256) {
        uint256 own = Lineage.BASIS;
        for (uint256 terms = _assets[asset].terms; terms != 0; terms = terms.next()) own -= terms.bps();
        return uint256(_revenue[token][asset].received).part(own);
    }

    /// @inheritdoc IRoyalties
    function paid(address token, uint256 asset) external view returns (uint256) {
        return _revenue[token][asset].paid;
    }

    /// @inheritdoc IRoyalties
    function undrawn(address token, uint256 asset) external view returns (uint256) {
        Revenue storage row = _revenue[token][asset];
        return _parentsPart(asset, row.received) - _parentsPart(asset, row.distributed);
    }

    /// @inheritdoc IRoyalties
    function parentsOf(uint256 asset) external view returns (Parent[] memory parents) {
        Asset storage row = _assets[asset];
        uint256 count;
        for (uint256 terms = row.terms; terms != 0; terms = terms.next()) count++;
        parents = new Parent[](count);
        uint256 rest = row.terms;
        for (uint256 i = 0; i < count; i++) {
            parents[i] = Parent(row.parents[i], rest.version(), rest.bps());
            rest = rest.next();
        }
    }

    /// @inheritdoc IRoyalties
    function sharesOf(uint256 asset) external view returns (address) {
        return _assets[asset].shares;
    }

    /// @inheritdoc IRoyalties
    function assetOf(uint256 asset) public view returns (address owner, address token) {
        try MODELS.ownerOf(asset) returns (address found) {
            (token, ) = MODELS.priceOf(asset);
            return (found, token);
        } catch {
            try DATASETS.ownerOf(asset) returns (address found) {
                (token, ) = DATASETS.priceOf(asset);
                return (found, token);
            } catch {
                revert Royalties_NoAsset(asset);
            }
        }
    }

    /// @dev Shares of the totals, so that what rounding leaves at one payment comes with a later one, and none shrinks.
    function _distribute(address token, uint256 asset, Revenue storage row, uint256 total) private {
        uint256 before = row.distributed;
        uint128 all = SafeCast.toUint128(total);
        (row.received, row.distributed) = (all, all);
        Asset storage of_ = _assets[asset];
        uint256 i;
        for (uint256 terms = of_.terms; terms != 0; terms = terms.next()) {
            uint256 parent = of_.parents[i++];
            uint256 amount = total.part(terms.bps()) - before.part(terms.bps());
            if (amount == 0) continue;
            Revenue storage of_parent = _revenue[token][parent];
            of_parent.received = SafeCast.toUint128(of_parent.received + amount);
            emit Drawn(token, asset, parent, amount);
        }
    }

    function _pay(address token, uint256 asset, address account, uint256 amount) private {
        _revenue[token][asset].paid += SafeCast.toUint128(amount);
        emit Paid(token, asset, account, amount);
        IERC20(token).safeTransfer(account, amount);
    }

    function _parentsPart(uint256 asset, uint256 total) private view returns (uint256 sum) {
        for (uint256 terms = _assets[asset].terms; terms != 0; terms = terms.next()) sum += total.part(terms.bps());
    }

    function _requireExists(uint256 parent, uint32 version) private view {
        bool exists = version == 0 ? _isModel(parent) : version <= DATASETS.versions(parent);
        require(exists, Royalties_NoParent(parent, version));
    }

    function _isModel(uint256 asset) private view returns (bool) {
        try MODELS.ownerOf(asset) {
            return true;
        } catch {
            return false;
        }
    }
}
